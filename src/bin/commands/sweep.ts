// sweep: asks every revocation source now and crosses what is new, as the hourly job does.
import { outbound } from '#lib/server/outbound/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { emit, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Menanyai semua sumber pencabutan sekarang (CRL, OCSP) dan mencocokkan dengan sertifikat.
  sweep [--data DIR] [--at WAKTU] [--due] [--json]
  --at WAKTU  menilai seolah-olah saat itu (ISO 8601)
  --due       hanya sumber yang sudah waktunya`,
  async run(args) {
    const { values, positionals } = parse(args, {
      data: { type: 'string' },
      at: { type: 'string' },
      due: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    if (positionals.length) throw new UsageError(this.help);
    const at = values.at === undefined ? null : Date.parse(values.at);
    if (Number.isNaN(at)) throw new UsageError('--at harus waktu ISO 8601, mis. 2026-11-22T07:00:00Z.');
    const ctx = openContext(values.data);
    const result = await revocation.sweep(at === null ? ctx : { ...ctx, now: () => at }, {
      outbound,
      force: !values.due,
    });
    if (values.json) emit(result);
    else note(revocation.inWords(result) ?? 'Tidak ada sumber yang perlu ditanya.');
    return result.failed + result.refused > 0 ? 1 : 0;
  },
};
