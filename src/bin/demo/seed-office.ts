// The office itself: identity, accounts, agencies, addresses of authorities, trust, duty roster. All names, numbers and
// addresses are invented; mail addresses end in .example and reach nobody.
import { randomUUID } from 'node:crypto';
import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { DAY, wibYear } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import type { Role } from '#lib/server/permission.ts';
import * as settings from '#lib/server/settings/index.ts';
import { readCertificate } from '#lib/server/x509/index.ts';
import type { City, Who } from './seed.ts';

const STAFF: { who: Who; name: string; position: string; roles: Role[]; agency: string }[] = [
  {
    who: 'admin',
    name: 'Galih Wicaksono',
    position: 'Pranata Komputer Ahli Muda',
    roles: ['administrator'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'admin2',
    name: 'Hana Permadi',
    position: 'Pranata Komputer Ahli Pertama',
    roles: ['administrator'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'supervisor',
    name: 'Laila Kusumadewi',
    position: 'Kepala Bidang Persandian',
    roles: ['supervisor'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'supervisor2',
    name: 'Nugroho Santika',
    position: 'Sandiman Ahli Madya',
    roles: ['supervisor'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'handler',
    name: 'Rizky Aditya Ginting',
    position: 'Sandiman Ahli Muda',
    roles: ['handler'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'handler2',
    name: 'Vina Rosdiana',
    position: 'Sandiman Ahli Pertama',
    roles: ['handler'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'verifier',
    name: 'Okta Mahendra',
    position: 'Verifikator Otoritas Pendaftaran',
    roles: ['verifier'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'leader',
    name: 'Surya Dharma Tanjung',
    position: 'Asisten Administrasi Umum',
    roles: ['leader'],
    agency: 'SETDA',
  },
  {
    who: 'head',
    name: 'Ratna Puspita Halim',
    position: 'Kepala Dinas Komunikasi dan Informatika',
    roles: ['head'],
    agency: 'DISKOMINFO',
  },
  {
    who: 'auditor',
    name: 'Yusuf Maulana Prabowo',
    position: 'Auditor Madya',
    roles: ['auditor'],
    agency: 'INSPEKTORAT',
  },
  {
    who: 'officer',
    name: 'Siti Maharani Daulay',
    position: 'Pengelola Kepegawaian',
    roles: ['officer'],
    agency: '21.71.03',
  },
];
/** More officers, so that answers of agencies come from their own people. */
const OFFICERS = ['DISDIK', 'DINKES', 'DISDUKCAPIL', 'BAPENDA', 'BKPSDM', 'RSUDEF', 'INSPEKTORAT', 'SETWAN'];
const mailOf = (name: string) => `${name.toLowerCase().replace(/[^a-z]+/g, '.')}@batam.example`;

export async function planOffice(city: City): Promise<void> {
  const { system } = city;
  agencies.seed(system);
  const known = new Map(agencies.list(system).map((agency) => [agency.code, agency.id]));

  // The first administrator comes through the one-time link, like in a real office.
  const token = auth.setupLink(system);
  const first = STAFF[0]!;
  await auth.completeSetup(system, token!, {
    name: first.name,
    email: mailOf(first.name),
    password: `Peragaan-${randomUUID()}`,
  });
  city.actors.set('admin', auth.actAs(system, mailOf(first.name)));
  for (const { who, name, position, roles, agency } of STAFF.slice(1)) {
    const { token } = auth.invite(
      city.as('admin'),
      { name, email: mailOf(name), position, phone: '', agencyId: known.get(agency), roles },
      'http://localhost',
    );
    await auth.acceptInvitation(system, token, `Peragaan-${randomUUID()}`);
    city.actors.set(who, auth.actAs(system, mailOf(name)));
  }
  OFFICERS.forEach((code, i) => {
    const name = `Petugas ${['Sertifikat', 'Data', 'Kepegawaian', 'Umum'][i % 4]} ${agencies.get(system, code).shortName}`;
    auth.invite(
      city.as('admin'),
      {
        name,
        email: `petugas.${code.toLowerCase()}@batam.example`,
        position: 'Petugas Perangkat Daerah',
        phone: '',
        agencyId: known.get(code),
        roles: ['officer'],
      },
      'http://localhost',
    );
  });
  identity(city);
  addresses(city);
  trust(city);
  city.at(city.clock.at + DAY, () => {
    const source = 'Nota dinas Kepala Bidang Persandian (rekaan)';
    notifications.switchOn(city.as('admin'), { from: 'siaga@diskominfo.batam.example', replyTo: '', source }, []);
  });
  roster(city);
}

function identity(city: City): void {
  const admin = city.as('admin');
  const source = 'Keputusan Kepala Dinas Nomor 188/2025 (rekaan)';
  settings.set(
    admin,
    'office',
    {
      government: 'Pemerintah Kota Batam',
      name: 'Dinas Komunikasi dan Informatika',
      shortName: 'Diskominfo',
      address: 'Jalan Contoh Nomor 1, Batam Centre, Batam 29400',
      phone: '(0778) 000000',
      web: 'diskominfo.batam.example',
      email: 'diskominfo@batam.example',
      city: 'Batam',
      province: 'Kepulauan Riau',
      agencyCode: 'DISKOMINFO',
      unitCode: 'DISKOMINFO',
    },
    { source },
  );
  settings.set(
    admin,
    'signatory',
    {
      name: 'Ratna Puspita Halim, S.Kom., M.Si.',
      position: 'Kepala Dinas Komunikasi dan Informatika',
      rank: 'Pembina Utama Muda',
      nip: '197001019999012001',
    },
    { source },
  );
  settings.set(
    admin,
    'delegation',
    { decree: 'Keputusan Kepala Dinas Nomor 188/2025 (rekaan)', earlyNotice: true },
    { source },
  );
  settings.set(
    admin,
    'certificateRules',
    { emailDomains: 'batam.go.id, batam.example', organizations: 'Pemerintah Kota Batam (UJI)', maxDays: 1096 },
    { source: 'Peragaan' },
  );
  // The local test CA lives on loopback, which nothing may be fetched from without a written exception.
  settings.set(
    admin,
    'outboundAllow',
    [{ host: '127.0.0.1', port: Number(new URL(city.ca.base).port), why: 'CA uji untuk peragaan', until: '' }],
    { source: 'Peragaan' },
  );
  settings.setHolidays(admin, fixedHolidays(wibYear(city.clock.at)), 'Peragaan: hari libur bertanggal tetap saja');
}

/** The holidays whose date is the same every year; the others are announced yearly and would be guesses. */
const fixedHolidays = (from: number): { date: string; name: string }[] =>
  [from, from + 1, from + 2].flatMap((year) => [
    { date: `${year}-01-01`, name: 'Tahun Baru Masehi' },
    { date: `${year}-05-01`, name: 'Hari Buruh Internasional' },
    { date: `${year}-06-01`, name: 'Hari Lahir Pancasila' },
    { date: `${year}-08-17`, name: 'Hari Kemerdekaan' },
    { date: `${year}-12-25`, name: 'Hari Raya Natal' },
  ]);

function addresses(city: City): void {
  const handler = city.as('supervisor');
  const book = agencies.contacts;
  const entries = {
    bssn: {
      addressee: 'Kepala Badan Siber dan Sandi Negara',
      address: 'Jalan Contoh Raya 70, Jakarta Selatan',
      email: 'lapor@bssn.example',
      phone: '(021) 5550 0110',
      outOfHours: '0811 5550 0110',
    },
    bsre: {
      addressee: 'Kepala Balai Besar Sertifikasi Elektronik',
      address: 'Jalan Contoh Raya 70, Jakarta Selatan',
      email: 'layanan@bsre.example',
      phone: '(021) 5550 0183',
      outOfHours: '0811 5550 0183',
    },
    mayor: {
      addressee: 'Walikota Batam',
      address: 'Jalan Contoh Engku Putri 1, Batam',
      email: 'sekretariat@walikota.example',
      phone: '(0778) 555001',
      outOfHours: '0811 5550 0100',
    },
    governor: {
      addressee: 'Gubernur Kepulauan Riau',
      address: 'Jalan Contoh Istana 1, Tanjungpinang',
      email: 'sekretariat@gubernur.example',
      phone: '(0771) 555001',
      outOfHours: '0811 5550 0100',
    },
  } as const;
  for (const [party, entry] of Object.entries(entries)) {
    const id = book.set(handler, party as keyof typeof entries, { ...entry, synthetic: true });
    book.verify(handler, id);
    // Verified again every half year, as the criterion asks; BSSN's was forgotten this time.
    for (let month = 5; month < 16; month += 5) {
      if (party === 'bssn' && month > 5) continue;
      city.at(city.clock.at + month * 30 * DAY, () => book.verify(city.as('supervisor'), id));
    }
  }
}

function trust(city: City): void {
  const admin = city.as('admin');
  for (const part of [city.ca.root, city.ca.ca]) {
    const { id } = certificates.proposeAuthority(admin, {
      der: part.certificate,
      origin: 'CA uji setempat (peragaan)',
    });
    if (part !== city.ca.root) continue;
    certificates.decideTrust(admin, id, {
      decision: 'accept',
      fingerprint: readCertificate(part.certificate).fingerprint,
      note: 'Sidik jari dibandingkan lewat telepon dengan pengelola CA uji.',
    });
  }
}

/** Duty officers, a week each, from a month ago to a month ahead. */
function roster(city: City): void {
  city.at(city.today - 30 * DAY, () => {
    for (let week = -4; week < 5; week++) {
      const name = STAFF[week % 2 === 0 ? 4 : 5]!.name;
      const from = city.today + week * 7 * DAY;
      const text = (instant: number) => new Date(instant + 7 * 3_600_000).toISOString().slice(0, 16);
      incidents.setDuty(city.as('supervisor'), {
        name,
        phone: week % 2 === 0 ? '0812-5550-0131' : '0812-5550-0132',
        from: text(from),
        to: text(from + 7 * DAY),
      });
    }
  });
}
