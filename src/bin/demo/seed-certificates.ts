// The inventory's history: the personnel list, the first import of everything then issued, a batch each month, records
// from a sheet, the CRL of each month (each day of the last month), and the counts at the end of those days.
import { crc32 } from 'node:zlib';
import * as agencies from '#lib/server/agencies/index.ts';
import { DAY, endOfDay, wibDate } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import { issueAll, type Issued } from './certificates.ts';
import { planEstate } from './estate.ts';
import { makePeople, type Agency, type Person } from './people.ts';
import type { City } from './seed.ts';

export async function planCertificates(city: City): Promise<void> {
  const register: Agency[] = agencies
    .list(city.system)
    .map((a) => ({ code: a.code, kind: a.kind, level: a.level, parent: '', name: a.name, shortName: a.shortName }));
  city.people = makePeople(register, city.dice, wibDate(city.today));
  const plans = planEstate(city.people, new Set(register.map((a) => a.code)), city.dice, city.today);
  city.issued = issueAll(city.ca, plans, 'kota-contoh');
  for (const one of city.issued) {
    if (!one.revoked) continue;
    const revokedAt = city.today - one.revoked.daysAgo * DAY + 10 * 3_600_000;
    city.ca.revoke(one.serial, { revokedAt, reason: one.revoked.reason as 0 });
  }

  misbehave(city);

  const start = city.clock.at + 2 * DAY;
  const admin = () => city.as('admin');
  const verifier = () => city.as('verifier');
  city.at(
    start,
    async () =>
      void (await certificates.importPersonnel(admin(), sheet(personnel(city.people, null), 'daftar-pegawai.csv'))),
  );
  const files = city.issued.filter((one) => !one.dataOnly);
  const first = files.filter((one) => one.notBefore <= start);
  city.at(
    start + 3_600_000,
    async () => void (await certificates.importFile(verifier(), { name: 'arsip-sertifikat.zip', bytes: zip(first) })),
  );
  city.at(start + 3_900_000, async () => void certificates.matchHolders(verifier()));
  city.at(start + 7_200_000, async () => {
    const rows = city.issued.filter((one) => one.dataOnly);
    await certificates.importFiles(verifier(), {
      name: 'daftar-lama.csv',
      files: [sheet(inventory(rows), 'daftar-lama.csv')],
    });
    certificates.matchHolders(verifier());
  });
  city.at(city.today - 2 * DAY, async () => {
    await certificates.importFiles(verifier(), {
      name: 'daftar-portal-bsre.csv',
      files: [sheet(portalList(city, files), 'daftar-portal-bsre.csv')],
    });
  });
  // The list of leavers comes from the staff agency as they leave: one new sheet a quarter.
  for (let day = city.today - 180 * DAY; day < city.today; day += 60 * DAY) {
    city.at(
      day,
      async () =>
        void (await certificates.importPersonnel(
          admin(),
          sheet(personnel(city.people, wibDate(day)), `daftar-pegawai-${wibDate(day)}.csv`),
        )),
    );
  }
  let since = start;
  for (const end of marks(city, start)) {
    // Day by day only the evidence moves; what was issued comes in once a week.
    const due = end === city.now || end - since >= 7 * DAY;
    const batch = due ? files.filter((one) => one.notBefore > since && one.notBefore <= end) : [];
    if (due) since = end;
    city.at(end, async () => {
      if (batch.length)
        await certificates.importFile(verifier(), { name: `terbitan-${wibDate(end)}.zip`, bytes: zip(batch) });
      if (due) certificates.matchHolders(verifier());
      await city.sweep();
      monitoring.review(city.system);
      certificates.snapshotDay(city.system);
    });
  }
}

/**
 * The issuer's odd days of last month: a certificate held for nine days and released, another held to this day, one
 * revoked and then gone from the list, which no issuer may do.
 */
function misbehave(city: City): void {
  const lives = (one: Issued) =>
    one.notBefore < city.today - 60 * DAY && one.notBefore + one.lifetime > city.now + 90 * DAY;
  const [released, held, vanished] = city.issued.filter(
    (one) =>
      one.use === 'signature' &&
      !one.odd &&
      !one.revoked &&
      !one.dataOnly &&
      one.person?.status === 'aktif' &&
      lives(one),
  ) as [Issued, Issued, Issued];
  const says = (daysAgo: number, { serial }: Issued, reason: 1 | 6) => {
    const at = city.today - daysAgo * DAY - 6 * 3_600_000;
    city.at(at, () => city.ca.revoke(serial, { revokedAt: at, reason }));
  };
  const silent = (daysAgo: number, { serial }: Issued) =>
    city.at(city.today - daysAgo * DAY - 6 * 3_600_000, () => city.ca.release(serial));
  says(21, released, 6);
  silent(12, released);
  says(5, held, 6);
  says(17, vanished, 1);
  silent(8, vanished);
}

/** Month ends up to a month ago, then every day, then now. */
function marks(city: City, start: number): number[] {
  const result: number[] = [];
  for (let at = start; at < city.today - 30 * DAY; at += DAY) {
    if (wibDate(at).slice(0, 7) !== wibDate(at + DAY).slice(0, 7)) result.push(endOfDay(wibDate(at)) - 600_000);
  }
  for (let day = 30; day > 0; day--) result.push(city.today - (day - 1) * DAY - 600_000);
  return [...result, city.now];
}

const quoted = (value: string) => (/[",;\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const sheet = (rows: string[][], name: string) => ({
  name,
  bytes: Buffer.from(`\ufeff${rows.map((row) => row.map(quoted).join(';')).join('\r\n')}\r\n`),
});
const dayFirst = (date: string) => (date ? date.split('-').reverse().join('/') : '');

/** The personnel sheet as it stood on a day: before anybody left (null), or with those who had left by then. */
function personnel(people: readonly Person[], day: string | null): string[][] {
  const rows = people.map((p) => {
    const left = day !== null && p.statusSince !== '' && p.statusSince <= day;
    const name = `${p.titleBefore ? `${p.titleBefore} ` : ''}${p.name}${p.titleAfter ? `, ${p.titleAfter}` : ''}`;
    return [
      name,
      p.nip,
      p.position,
      p.agency.name,
      p.email,
      left ? p.status : 'aktif',
      left ? dayFirst(p.statusSince) : '',
    ];
  });
  return [
    ['Daftar Pegawai (rekaan)'],
    [],
    ['Nama', 'NIP', 'Jabatan', 'Perangkat Daerah', 'Email', 'Status', 'Tanggal Status'],
    ...rows,
  ];
}

function inventory(issued: readonly Issued[]): string[][] {
  const rows = issued.map((one) => [
    one.commonName,
    one.person?.nip ?? '',
    one.person?.agency.name ?? '',
    BigInt(`0x${one.serial}`).toString(),
    'BSRE CA UJI G1',
    dayFirst(wibDate(one.notBefore)),
    dayFirst(wibDate(one.notBefore + one.lifetime)),
  ]);
  return [['Nama', 'NIP', 'Perangkat Daerah', 'Nomor Seri', 'Penerbit', 'Berlaku Sejak', 'Berlaku Sampai'], ...rows];
}

/** What the portal shows of one agency's certificates; it calls one revoked that no CRL lists, and one active that is revoked. */
function portalList(city: City, issued: readonly Issued[]): string[][] {
  const day = city.today - 2 * DAY;
  const own = issued.filter((one) => one.agencyCode === 'DISKOMINFO' && one.use === 'signature' && one.notBefore < day);
  const isRevoked = ({ revoked }: Issued) => revoked !== undefined && revoked.daysAgo > 2;
  const lives = (one: Issued) => !isRevoked(one) && !one.odd && one.notBefore + one.lifetime > day;
  const said = new Map<Issued | undefined, string>([
    [own.find(lives), 'REVOKE'],
    [issued.find(isRevoked), 'ISSUE'],
  ]);
  const rows = [...new Set([...own, ...issued.filter(isRevoked).slice(0, 1)])].map((one) => {
    const word = isRevoked(one) ? 'REVOKE' : lives(one) || one.odd ? 'ISSUE' : 'EXPIRED';
    const end = dayFirst(wibDate(one.notBefore + one.lifetime));
    return [one.commonName, BigInt(`0x${one.serial}`).toString(), end, said.get(one) ?? word];
  });
  return [['Nama', 'Nomor Seri', 'Berlaku Sampai', 'Status'], ...rows];
}

/** A ZIP with stored members (no compression: certificates do not shrink). */
function zip(issued: readonly Issued[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, der } of issued) {
    const title = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x0800, 2);
    head.writeUInt32LE(crc32(der), 10);
    head.writeUInt32LE(der.length, 14);
    head.writeUInt32LE(der.length, 18);
    head.writeUInt16LE(title.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, title, der]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), head, tail, title]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(issued.length, 4);
  end.writeUInt16LE(issued.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}
