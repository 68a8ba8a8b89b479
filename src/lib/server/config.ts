// The typed environment, read once at the edges; no framework. A wrong value stops the start and says which.
import path from 'node:path';
import * as v from 'valibot';

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'harus angka port'),
  v.transform(Number),
  v.maxValue(65_535, 'harus angka port'),
);
const flag = v.pipe(
  v.picklist(['0', '1'], 'harus 0 atau 1'),
  v.transform((text) => text === '1'),
);

const schema = v.object({
  /** Folder of the database, files and backups. */
  SIAGA_DATA: v.optional(v.string(), 'data'),
  HOST: v.optional(v.string(), '127.0.0.1'),
  PORT: v.optional(port, '3000'),
  /** Public address behind a reverse proxy, e.g. https://siaga.batam.go.id; empty: taken from the request. */
  ORIGIN: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.url('harus alamat lengkap, mis. https://…'))]), ''),
  /** 1 when a reverse proxy in front sets X-Forwarded-For and X-Forwarded-Proto. */
  SIAGA_PROXY: v.optional(flag, '0'),
  /** smtp://user:password@host:port or smtps://…; empty: no mail leaves. */
  SIAGA_SMTP_URL: v.optional(
    v.union([v.literal(''), v.pipe(v.string(), v.regex(/^smtps?:\/\//, 'harus dimulai smtp:// atau smtps://'))]),
    '',
  ),
  /** Set by `npm run demo` only: role cards on the sign-in page, loopback allowed for the local test CA. */
  SIAGA_DEMO: v.optional(flag, '0'),
});

export type Config = {
  data: string;
  host: string;
  port: number;
  origin: string;
  proxy: boolean;
  smtpUrl: string;
  demo: boolean;
};

/** @throws Error naming each variable that is wrong and why */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const result = v.safeParse(schema, env);
  if (!result.success) {
    const lines = result.issues.map((issue) => `  ${issue.path?.[0]?.key}: ${issue.message}`);
    throw new Error(`Pengaturan lingkungan salah, Siaga tidak dijalankan:\n${lines.join('\n')}`);
  }
  const e = result.output;
  const demo = e.SIAGA_DEMO && ['127.0.0.1', '::1', 'localhost'].includes(e.HOST);
  if (e.SIAGA_DEMO && !demo) throw new Error('SIAGA_DEMO hanya boleh dengan HOST loopback (127.0.0.1).');
  return {
    data: path.resolve(e.SIAGA_DATA),
    host: e.HOST,
    port: e.PORT,
    origin: e.ORIGIN,
    proxy: e.SIAGA_PROXY,
    smtpUrl: e.SIAGA_SMTP_URL,
    demo,
  };
}
