import * as v from 'valibot';
import { isAddress } from './lane.ts';

const address = v.pipe(v.string(), v.trim(), v.check(isAddress, 'Isi satu alamat surel, mis. siaga@batam.go.id.'));

export const switchInput = v.object({
  from: address,
  replyTo: v.union([v.pipe(v.string(), v.trim(), v.literal('')), address], 'Isi satu alamat surel, atau kosongkan.'),
  source: v.pipe(
    v.string(),
    v.trim(),
    v.minLength(3, 'Tulis dasarnya, mis. nota dinas.'),
    v.maxLength(200, 'Paling panjang 200 huruf.'),
  ),
});
export type SwitchInput = v.InferInput<typeof switchInput>;
