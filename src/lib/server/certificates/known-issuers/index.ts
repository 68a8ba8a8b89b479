// Public certificates of the issuers that sign for Indonesian officials: facts that everybody can download, carried along
// so that an office can begin without searching. They are proposals: nothing is trusted before an administrator compared
// the SHA-256 with a source that is not this program.
import { bsreCaDsG1 } from './bsre-ca-ds-g1.ts';
import { osdLuKelas2 } from './osd-lu-kelas-2.ts';
import { rootCaIndonesiaDsG1 } from './root-ca-indonesia-ds-g1.ts';

export type KnownIssuer = {
  name: string;
  sha256: string;
  der: Buffer;
  /** What it is for. */
  about: string;
  /** Where the fingerprint can be compared. */
  compare: string;
};

const der = (body: string): Buffer => Buffer.from(body, 'base64');
const TELEPHONE = 'atau telepon Balai Besar Sertifikasi Elektronik, BSSN (info.bsre@bssn.go.id), dan minta dibacakan.';

export const knownIssuers: readonly KnownIssuer[] = [
  {
    name: 'Root CA Indonesia DS G1',
    sha256: 'b5f36672fd7cfd401e01ef640b2fe61f816f32f447b280b76f536244cf42fcdf',
    der: der(rootCaIndonesiaDsG1),
    about: 'Induk nasional (PSrE Induk, Komdigi), 2018–2038. Di bawahnya sertifikat BSrE yang terbit sekarang.',
    compare:
      'Buka rootca.id (PSrE Induk, Komdigi) dan bandingkan SHA-256 yang diumumkan, atau buka dokumen bertanda tangan elektronik di pembaca PDF dan lihat sertifikat akarnya.',
  },
  {
    name: 'BSRE CA DS G1',
    sha256: '4a3ab062c4d24f60417fa28f6543ac7151c9f1fde5817bbe67f49c55ce5ffed5',
    der: der(bsreCaDsG1),
    about: 'Penerbit BSrE (BSSN), 2022–2032, di bawah Root CA Indonesia DS G1. Cukup induknya yang diputuskan.',
    compare: `Buka bsre.bssn.go.id atau va.bsre.go.id/bsrecadsg1.crt dari jaringan lain, ${TELEPHONE}`,
  },
  {
    name: 'OSD LU Kelas 2',
    sha256: '2178095b3cc0f6facb9e6f07feecee6327a89c6681af43ba95126b68867d02b2',
    der: der(osdLuKelas2),
    about:
      'Induk lama BSrE (Lembaga Sandi Negara), habis 18 Agustus 2026. Terima hanya untuk menilai tanda tangan dan sertifikat lama.',
    compare: `Buka cvs-bsre.bssn.go.id/osdlukelas2.crt dari jaringan lain, ${TELEPHONE}`,
  },
];

export const knownIssuer = (fingerprint: string): KnownIssuer | undefined =>
  knownIssuers.find(({ sha256 }) => sha256 === fingerprint);
