// What people may submit about accounts, with messages in Indonesian.
import * as v from 'valibot';
import { capital } from '#lib/format.ts';
import { accept } from '../errors.ts';
import { isAddress } from '../notifications/lane.ts';
import { ROLES } from '../permission.ts';

const line = (what: string, max: number) =>
  v.pipe(
    v.string(`Isi ${what}.`),
    v.transform((text) => text.replace(/\s+/gu, ' ').trim()),
    v.maxLength(max, `${capital(what)} paling panjang ${max} huruf.`),
    v.check((text) => !/\p{Cc}|\p{Cf}/u.test(text), 'Hapus huruf yang tidak terlihat.'),
  );
const name = v.pipe(line('nama', 160), v.minLength(2, 'Isi nama lengkap.'));
const ADDRESS = 'Tulis sebagai alamat surel, misalnya nama@batam.go.id.';
/** One that the outbox takes, too: a single refused address would stop a message to all handlers. */
export const email = v.pipe(
  v.string('Isi alamat surel.'),
  v.trim(),
  v.toLowerCase(),
  v.nonEmpty('Isi alamat surel.'),
  v.maxLength(254, 'Alamat surel terlalu panjang.'),
  v.email(ADDRESS),
  v.check(isAddress, ADDRESS),
);
const agencyId = v.pipe(
  v.optional(v.nullable(v.string()), null),
  v.transform((id) => id || null),
);
const phone = v.pipe(
  line('nomor telepon', 40),
  v.regex(/^[\d\s+().-]*$/, 'Isi dengan angka, misalnya 0812-3456-7890.'),
);

export const person = v.object({
  name,
  email,
  position: v.optional(line('jabatan', 160), ''),
  phone: v.optional(phone, ''),
  agencyId,
});
export type PersonInput = v.InferInput<typeof person>;

export const role = v.picklist(ROLES, 'Pilih peran dari daftar.');
export const invitation = v.object({
  ...person.entries,
  roles: v.pipe(v.array(role, 'Pilih sedikitnya satu peran.'), v.minLength(1, 'Pilih sedikitnya satu peran.')),
});
export type InvitationInput = v.InferInput<typeof invitation>;

export const founder = v.object({ name, email, password: v.string('Isi kata sandi.') });
export type FounderInput = v.InferInput<typeof founder>;

/** Longer than any password accepted; checking megabytes would be work for an attacker to give. */
export const credentials = v.object({
  email: v.pipe(v.string(), v.trim(), v.toLowerCase(), v.maxLength(254)),
  password: v.pipe(v.string(), v.maxLength(1024)),
});

export const reason = v.pipe(
  line('alasan', 300),
  v.minLength(5, 'Tulis alasannya dalam beberapa kata; ia masuk ke Jejak Audit.'),
);

export const read = <S extends v.GenericSchema>(schema: S, value: unknown, field = ''): v.InferOutput<S> =>
  accept(schema, value, 'Isian belum lengkap; periksa yang ditandai.', field);
