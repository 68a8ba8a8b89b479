// siaga status — the sweep's decision from files alone, without a database and without the network.
import { emit, parse, printable, UsageError, type Command } from '../cli.ts';
import { batch } from '../status/batch.ts';
import { judge } from '../status/judge.ts';
import { Material } from '../status/material.ts';
import { requestOf } from '../status/request.ts';
import { inWords } from '../status/text.ts';

const LISTS = ['anchor', 'intermediate', 'crl', 'ocsp', 'policy'] as const;

export const command: Command = {
  help: `Menilai satu sertifikat dari berkas saja, dengan aturan yang sama seperti sapuan. Tanpa basis data, tanpa jaringan.

  siaga status --cert BERKAS --anchor BERKAS… [--intermediate BERKAS…] [--crl BERKAS…] [--ocsp BERKAS…] [--json]
      PEM, DER, P7B, atau ZIP. Sertifikat pertama dari --cert yang dinilai, lainnya dianggap perantara.
      --at WAKTU            saat yang dinilai, ISO 8601; tanpa zona berarti UTC (bawaan: sekarang)
      --max-age LAMA        umur bukti paling tua, dihitung dari thisUpdate (bawaan: tidak dibatasi; OCSP tanpa
                            nextUpdate 24h). LAMA: 90s, 5m, 24h, 7d
      --skew LAMA           selisih jam yang dibiarkan (bawaan 5m)
      --allow-weak          menerima SHA-1 dan RSA-1024
      --no-revocation       jalur saja; pencabutan tidak menentukan
      --policy OID…         kebijakan yang diminta (RFC 5280 §6.1.1 c); --explicit-policy, --inhibit-mapping,
                            --inhibit-any-policy
      --fail                status keluar 1 bila keputusannya bukan accepted
      --json                satu objek JSON pada stdout; tanpa ini, uraian untuk dibaca orang

  siaga status --batch [--fail]
      Satu permintaan JSON per baris pada stdin, dijawab berurutan, satu baris JSON untuk setiap baris:
      {"id":1,"cert":"a.pem","anchors":["root.pem"],"intermediates":["ca.pem"],"crls":["ca.crl"],"at":"2026-11-22"}
      Kunci lain: ocsps, policies, maxAge, skew, allowWeak, noRevocation, explicitPolicy, inhibitMapping,
      inhibitAnyPolicy, fail; selain itu dianggap catatan pemanggil. Baris yang tidak dapat dinilai dijawab
      {"id":…,"error":…} dan tidak menghentikan yang lain.

  Contoh: siaga status --cert andi.pem --anchor root.pem --intermediate bsre.pem --crl bsre.crl root.crl --fail

  Status keluar: 0 dapat dinilai, apa pun hasilnya; 1 ada yang tidak dapat dinilai, atau --fail; 2 salah pakai.`,
  async run(args) {
    const { values, positionals } = parse(spread(args), {
      cert: { type: 'string', multiple: true },
      anchor: { type: 'string', multiple: true },
      intermediate: { type: 'string', multiple: true },
      crl: { type: 'string', multiple: true },
      ocsp: { type: 'string', multiple: true },
      policy: { type: 'string', multiple: true },
      at: { type: 'string' },
      'max-age': { type: 'string' },
      skew: { type: 'string' },
      'allow-weak': { type: 'boolean' },
      'no-revocation': { type: 'boolean' },
      'explicit-policy': { type: 'boolean' },
      'inhibit-mapping': { type: 'boolean' },
      'inhibit-any-policy': { type: 'boolean' },
      batch: { type: 'boolean' },
      fail: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    if (positionals.length) throw new UsageError(`Tidak dimengerti: ${positionals[0]}`);
    const { batch: many, fail = false, json, ...options } = values;
    if (many) {
      const [other] = Object.keys(options);
      if (other) throw new UsageError(`--${other} ditulis di dalam setiap permintaan, bukan bersama --batch.`);
      return batch(process.stdin, fail);
    }
    const { cert = [], anchor = [] } = options;
    if (cert.length !== 1 || anchor.length === 0)
      throw new UsageError('Pakai: siaga status --cert BERKAS --anchor BERKAS…, atau siaga status --help');
    const judged = await judge(
      requestOf(
        {
          cert: cert[0],
          anchors: anchor,
          intermediates: options.intermediate,
          crls: options.crl,
          ocsps: options.ocsp,
          policies: options.policy,
          at: options.at,
          maxAge: options['max-age'],
          skew: options.skew,
          allowWeak: options['allow-weak'],
          noRevocation: options['no-revocation'],
          explicitPolicy: options['explicit-policy'],
          inhibitMapping: options['inhibit-mapping'],
          inhibitAnyPolicy: options['inhibit-any-policy'],
        },
        optionOf,
      ),
      new Material(),
    );
    if (json) emit(judged.verdict);
    else process.stdout.write(`${printable(inWords(judged))}\n`);
    return fail && judged.verdict.decision !== 'accepted' ? 1 : 0;
  },
};

/** A key of a request as the command line writes it: maxAge is --max-age, policies is --policy. */
const optionOf = (key: string): string =>
  `--${key
    .replace(/ies$/, 'y')
    .replace(/s$/, '')
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `--crl a b` means `--crl a --crl b`. */
function spread(args: readonly string[]): string[] {
  const out: string[] = [];
  let open: string | null = null;
  for (const [i, arg] of args.entries()) {
    const isFlag = arg.startsWith('-');
    if (isFlag) open = LISTS.some((name) => arg === `--${name}`) ? arg : null;
    else if (open && args[i - 1] !== open) out.push(open);
    out.push(arg);
  }
  return out;
}
