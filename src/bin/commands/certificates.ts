// siaga certificates list: the register as the web shows it, with the same filters as the address of the page.
import * as certificates from '#lib/server/certificates/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { labelTerm } from '#lib/status-words.ts';
import { revocationWords } from '#lib/terms.ts';
import { emit, openContext, parse, UsageError, type Command } from '../cli.ts';

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

export const command: Command = {
  help: `Daftar sertifikat.

  siaga certificates list [--filter QUERY] [--data FOLDER] [--json]

  QUERY seperti pada alamat halaman, mis. "status=expiring&agency=DISDIK" atau "q=handayani". Waktu dicetak dalam UTC.`,
  run: (args) => {
    const { values, positionals } = parse(args, {
      filter: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    if (positionals[0] !== 'list' || positionals.length > 1) throw new UsageError('Pakai: siaga certificates list');
    const asked = new URLSearchParams(values.filter ?? '');
    const filter = certificates.filterOf(asked);
    // The page leaves out what it does not understand; a script must not get more rows than it asked for.
    const unknown = [...asked].find(
      ([name, value]) =>
        value && Object.keys(certificates.filterOf(new URLSearchParams({ [name]: value }))).length === 0,
    );
    if (unknown) throw new UsageError(`Saringan tidak dikenal: ${unknown[0]}=${unknown[1]}`);
    const ctx = openContext(values.data);
    const waiting = revocation.waitingRevocations(ctx);
    const by = new Map(waiting.certificates.map(({ id, status }) => [id, status]));
    if (waiting.text) process.stderr.write(`${waiting.text}\n`);
    for (let after: string | undefined; ;) {
      const page = certificates.list(ctx, { ...filter, after, limit: 500 });
      for (const row of page.rows) print(row, by.get(row.id) ?? null, values.json ?? false);
      if (!page.next) return 0;
      after = page.next;
    }
  },
};

/** @param waiting what kept evidence makes of it once our wrong clock is right */
function print(row: certificates.ListRow, waiting: 'revoked' | 'on_hold' | null, json: boolean): void {
  if (!json) {
    const end = iso(row.notAfter)?.slice(0, 10) ?? '-';
    process.stdout.write(
      `${end}  ${labelTerm(row.label, row).word.padEnd(32)} ${row.name} (${row.agencyCode ?? '-'})${waiting ? `  menunggu jam server: ${revocationWords[waiting]}` : ''}\n`,
    );
    return;
  }
  emit({
    id: row.id,
    label: row.label,
    name: row.name,
    agency: row.agencyCode,
    use: row.use,
    serial: row.serial,
    issuer: row.issuer,
    fingerprint: row.fingerprint,
    notBefore: iso(row.notBefore),
    notAfter: iso(row.notAfter),
    chain: row.chain,
    revocation: row.revocation,
    revokedAt: iso(row.revokedAt),
    confirmedAt: iso(row.confirmedAt),
    marks: row.marks,
    waiting,
  });
}
