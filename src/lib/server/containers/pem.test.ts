// PEM as it is met, and as somebody makes it to keep us busy.
import { expect, test } from 'vitest';
import { pemBlocks } from './pem.ts';

test('a block without its end is broken, and takes nothing from the next one', () => {
  const whole = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n';
  const blocks = pemBlocks(
    `teks\n-----BEGIN CERTIFICATE-----\nQUJD\n${whole}-----BEGIN CMS-----\nQUJD\n-----END PKCS7-----`,
  );
  expect(blocks.map(({ label, der }) => [label, der?.toString() ?? null])).toEqual([
    ['CERTIFICATE', null],
    ['CERTIFICATE', 'ABC'],
    ['CMS', null],
  ]);
});

// Each beginning searched to the end of the file for its end took minutes: the time limit of a test proves the rest.
test('a file of nothing but beginnings is read once', () => {
  expect(pemBlocks('-----BEGIN CERTIFICATE-----\n'.repeat(400_000))).toHaveLength(400_000);
});
