// user add|disable|reset
import * as auth from '#lib/server/auth/index.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import { readConfig } from '#lib/server/config.ts';
import { as, type Context } from '#lib/server/context.ts';
import { notFound } from '#lib/server/errors.ts';
import type { Role } from '#lib/server/permission.ts';
import { emit, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Mengurus pengguna dari server; untuk sehari-hari pakailah halaman Sistem, Pengguna.
  user add NAMA --email SUREL --role PERAN… [--agency KODE] [--position JABATAN] --as SUREL
  user disable NAMA|SUREL --reason ALASAN [--as SUREL]
  user reset NAMA|SUREL [--as SUREL]
Peran: supervisor handler verifier leader head auditor officer administrator.
Peran hanya diberikan oleh seorang administrator (--as SUREL); tanpa --as hanya bila tidak ada administrator lagi.
Tautan yang dibuat tampil sekali dan hanya sekali pakai. Pilihan lain: --data DIR, --json.`,
  run(args) {
    const { values, positionals } = parse(args, {
      email: { type: 'string' },
      role: { type: 'string', multiple: true },
      agency: { type: 'string' },
      position: { type: 'string' },
      reason: { type: 'string' },
      as: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [verb, ...words] = positionals;
    const name = words.join(' ');
    if (!verb || !['add', 'disable', 'reset'].includes(verb) || !name) throw new UsageError(this.help);
    const opened = openContext(values.data);
    const ctx = values.as ? as(opened, auth.actAs(opened, values.as)) : opened;
    const say = (result: Record<string, unknown>, sentence: string) => (values.json ? emit(result) : note(sentence));

    if (verb === 'add') {
      if (!values.email || !values.role?.length) throw new UsageError(this.help);
      const agencyId = values.agency ? agencies.get(ctx, values.agency).id : null;
      const roles = values.role as Role[];
      const person = { name, email: values.email, position: values.position, agencyId, roles };
      const made = auth.invite(ctx, person, readConfig().origin);
      say({ verb, id: made.id, path: made.path, hours: made.hours, mailed: made.mailed }, linkSentence(made));
      return 0;
    }
    const account = find(ctx, name);
    if (verb === 'disable') {
      if (!values.reason) throw new UsageError(this.help);
      auth.disable(ctx, account.id, values.reason);
      say({ verb, id: account.id }, `Akun ${account.name} dinonaktifkan; semua sesinya diakhiri.`);
      return 0;
    }
    const made = auth.resetLink(ctx, account.id, readConfig().origin);
    say({ verb, id: account.id, path: made.path, hours: made.hours, mailed: made.mailed }, linkSentence(made));
    return 0;
  },
};

/** One account by address or by full name. @throws AppError not_found when there is none or more than one */
function find(ctx: Context, name: string): auth.Account {
  const wanted = name.toLowerCase();
  const rows = auth.accounts(ctx, { q: name, limit: 50 }).rows;
  const exact = rows.filter((row) => row.email === wanted || row.name.toLowerCase() === wanted);
  if (exact.length === 1) return exact[0]!;
  const hint =
    exact.length > 1
      ? 'lebih dari satu orang bernama demikian; sebutkan surelnya'
      : 'tidak ada pengguna bernama demikian';
  throw notFound(`${name}: ${hint}.`);
}

const linkSentence = (made: { path: string; hours: number; mailed: boolean }): string =>
  `Tautan (berlaku ${made.hours} jam, sekali pakai${made.mailed ? ', juga dikirim lewat surel' : ''}):\n  ${readConfig().origin || 'http://ALAMAT-SIAGA'}${made.path}`;
