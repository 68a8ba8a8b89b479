// Identity: names, their encoding, privacy, e-mail. A detail never repeats a personal value.
import { children, oid as oidOf, sequence, single, TAG, value } from '../../x509/der.ts';
import type { Attribute, CertificateView, Name } from '../../x509/types.ts';
import { attribute, useOf } from '../facts.ts';
import { plainName, when, type OfficeRules, type Rule } from './rule.ts';

const OID = { cn: '2.5.4.3', sn: '2.5.4.4', c: '2.5.4.6', o: '2.5.4.10', given: '2.5.4.42', pseudonym: '2.5.4.65' };
const EMAIL = '1.2.840.113549.1.9.1';
const DOMAIN_COMPONENT = '0.9.2342.19200300.100.1.25';

/** NIK: 16 digits; 7–8 day of birth (+40 for women), 9–10 month. A NIP has 18 and does not match. */
const NIK = /(?<!\d)\d{6}(?:0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(?:0[1-9]|1[0-2])\d{6}(?!\d)/;
const HTML_ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});/i;
/** UTF-8 read as Latin-1 or Windows-1252: "Ã©", "Â ", "â€™". */
const MOJIBAKE = /[ÃÂ][\u0080-\u00bf]|â€|Ã[\u2018-\u201d\u0192\u0160\u0161]|\ufffd/;
const MAILBOX = /^[^\s@<>"]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

const isSigner = (view: CertificateView) => useOf(view) === 'signature';
const attributes = (name: Name): Attribute[] => name.rdns.flat();
const emailsOf = (view: CertificateView) => ({
  san: (view.san ?? []).filter(({ kind }) => kind === 'email').map(({ value }) => value),
  dn: attributes(view.subject)
    .filter(({ oid }) => oid === EMAIL)
    .map(({ value }) => value),
});

function isAllowed(email: string, { emailDomains }: OfficeRules): boolean {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return emailDomains.some((allowed) => domain === allowed || domain.endsWith(`.${allowed}`));
}

type Text = { oid: string; tag: number; octets: Buffer };
const texts = new WeakMap<Name, Text[]>();

/** Several rules ask for the same name, and thousands of certificates have the same issuer. */
function textsOf(name: Name): Text[] {
  let found = texts.get(name);
  if (!found) texts.set(name, (found = readTexts(name)));
  return found;
}

function readTexts(name: Name): Text[] {
  const found: Text[] = [];
  const rdns = sequence(single(name.der, TAG.sequence));
  while (!rdns.done) {
    for (const pair of children(rdns.next(TAG.set), 64)) {
      const parts = sequence(pair);
      const type = oidOf(parts.next());
      const content = parts.next();
      found.push({ oid: type, tag: content.tag, octets: value(content) });
    }
  }
  return found;
}

/** Attributes in string types that RFC 5280 §4.1.2.4 no longer allows. */
function oldStrings(name: Name): string[] {
  const isOld = ({ oid, tag }: Text) =>
    tag !== TAG.utf8 && tag !== TAG.printable && !(tag === TAG.ia5 && (oid === EMAIL || oid === DOMAIN_COMPONENT));
  return [
    ...new Set(
      textsOf(name)
        .filter(isOld)
        .map(({ oid }) => oid),
    ),
  ];
}

/** Attributes with characters outside PrintableString's own. */
const badPrintable = (name: Name): string[] =>
  textsOf(name)
    .filter(
      ({ tag, octets }) => tag === TAG.printable && !/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(octets.toString('latin1')),
    )
    .map(({ oid }) => oid);

export const identityRules: readonly Rule[] = [
  {
    id: 'nik_visible',
    severity: 'serious',
    clause: 'UU 27/2022 Pasal 4',
    title: 'NIK terlihat di dalam sertifikat',
    sentence:
      'Sertifikat ikut di setiap dokumen yang ditandatangani, sehingga NIK pemiliknya tersebar. Minta penerbit menggantinya.',
    fixer: 'ca',
    test: (view) =>
      when(
        NIK.test([view.subject.text, ...(view.san ?? []).map((name) => name.value)].join(' ')),
        'Subjek atau nama alternatif memuat 16 angka berpola NIK.',
      ),
  },
  {
    id: 'no_common_name',
    severity: 'warning',
    clause: 'EN 319 412-2 §4.2.4',
    title: 'Nama pemilik kosong',
    sentence: 'Subjek tidak menyebut nama, sehingga tidak jelas siapa yang menandatangani.',
    fixer: 'ca',
    test: (view) => {
      const named = attribute(view, OID.cn) || attribute(view, OID.pseudonym);
      return when(
        isSigner(view) && !named && !(attribute(view, OID.given) && attribute(view, OID.sn)),
        'Tidak ada CN.',
      );
    },
  },
  {
    id: 'country',
    severity: 'warning',
    clause: 'EN 319 412-2 §4.2.4; X.520',
    title: 'Negara bukan ID',
    sentence:
      'Sertifikat penanda tangan pemerintah Indonesia menyebut C=ID. Periksa apakah sertifikat ini benar milik kota.',
    fixer: 'ca',
    test: (view) => {
      const country = attribute(view, OID.c);
      return when(isSigner(view) && country !== 'ID', country ? `C=${country.slice(0, 8)}.` : 'C tidak ada.');
    },
  },
  {
    id: 'organization',
    severity: 'info',
    clause: 'Kebijakan Dinas',
    title: 'Nama instansi tidak dikenal',
    sentence:
      'O bukan nama pemerintah kota maupun salah satu Perangkat Daerah. Periksa, atau tambahkan namanya di Pengaturan.',
    fixer: 'office',
    test: (view, { office }) => {
      const name = attribute(view, OID.o);
      const known = office.organizations.length === 0 || !name || office.organizations.includes(plainName(name));
      return when(isSigner(view) && !known, 'Nama pada O tidak ada dalam daftar.');
    },
  },
  {
    id: 'email_domain',
    severity: 'warning',
    clause: 'Kebijakan Dinas',
    title: 'Surel bukan surel dinas',
    sentence:
      'Pemberitahuan penerbit sampai ke kotak surat di luar kendali Dinas. Ganti dengan surel dinas saat pembaruan.',
    fixer: 'owner',
    test: (view, { office }) => {
      const { san, dn } = emailsOf(view);
      const foreign = [...san, ...dn].filter((email) => MAILBOX.test(email) && !isAllowed(email, office));
      const domains = [...new Set(foreign.map((email) => email.slice(email.lastIndexOf('@') + 1).toLowerCase()))];
      return domains.length ? `Domain ${domains.slice(0, 3).join(', ')}.` : null;
    },
  },
  {
    id: 'email_form',
    severity: 'warning',
    clause: 'RFC 5280 §4.2.1.6; RFC 5321 §4.1.2',
    title: 'Alamat surel tidak sah',
    sentence: 'Alamat yang tertulis tidak dapat dikirimi. Minta penerbit membetulkannya.',
    fixer: 'ca',
    test: (view) => {
      const { san, dn } = emailsOf(view);
      return when(
        [...san, ...dn].some((email) => !MAILBOX.test(email)),
        'Alamat pada SAN atau subjek tidak sah.',
      );
    },
  },
  {
    id: 'email_only_in_dn',
    severity: 'info',
    clause: 'RFC 5280 §4.1.2.6',
    title: 'Surel hanya di subjek',
    sentence: 'Surel seharusnya di nama alternatif (SAN); aplikasi surel membaca dari sana.',
    fixer: 'ca',
    test: (view) => {
      const { san, dn } = emailsOf(view);
      return when(dn.length > 0 && san.length === 0, 'emailAddress ada di subjek, SAN tidak memuatnya.');
    },
  },
  {
    id: 'dn_encoding',
    severity: 'info',
    clause: 'RFC 5280 §4.1.2.4',
    effective: '2004-01-01',
    title: 'Nama ditulis dengan penyandian lama',
    sentence: 'Nama harus UTF8String atau PrintableString; aplikasi dapat salah menampilkannya.',
    fixer: 'ca',
    test: (view) => {
      const old = oldStrings(view.subject);
      return old.length ? `Atribut ${old.join(', ')}.` : null;
    },
  },
  {
    id: 'dn_printable',
    severity: 'info',
    clause: 'X.680 §41.4; RFC 5280 §4.1.2.4',
    title: 'Huruf yang tidak boleh pada PrintableString',
    sentence: 'Tanda seperti & atau @ tidak boleh di sana; sebagian aplikasi menolak seluruh sertifikat.',
    fixer: 'ca',
    test: (view) => {
      const odd = [...badPrintable(view.subject), ...badPrintable(view.issuer)];
      return odd.length ? `Atribut ${[...new Set(odd)].join(', ')}.` : null;
    },
  },
  {
    id: 'dn_spaces',
    severity: 'info',
    clause: 'RFC 4518 §2.6',
    title: 'Spasi di awal atau akhir nama',
    sentence: 'Nama yang sama terlihat berbeda saat dicari dan dicocokkan.',
    fixer: 'ca',
    test: (view) => {
      const odd = attributes(view.subject).filter(({ value }) => value !== value.trim());
      return odd.length ? `Atribut ${[...new Set(odd.map(({ oid }) => oid))].join(', ')}.` : null;
    },
  },
  {
    id: 'dn_garbled',
    severity: 'warning',
    clause: 'RFC 5280 §4.1.2.4',
    title: 'Huruf pada nama rusak',
    sentence:
      'Nama memuat sisa HTML atau huruf yang salah sandi, sehingga bukan nama sebenarnya. Minta penerbit membetulkan.',
    fixer: 'ca',
    test: (view) => {
      const odd = attributes(view.subject).filter(({ value }) => HTML_ENTITY.test(value) || MOJIBAKE.test(value));
      return odd.length ? `Atribut ${[...new Set(odd.map(({ oid }) => oid))].join(', ')}.` : null;
    },
  },
];
