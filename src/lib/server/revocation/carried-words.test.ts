// What a person is told about a file that was accepted: what it means, and what follows.
import { expect, test } from 'vitest';
import { entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';
import { remarks, type RemarkCode } from './remarks.ts';
import { acceptedWords } from './carried-words.ts';

test('a list for nobody of ours, one of a taken number, one that is quarantined: each says so and what follows', async () => {
  const made = await office(['4a01']);
  const { world, ctx } = made;
  const many = Array.from({ length: 42 }, (_, i) => entry((0x7000 + i).toString(16)));
  const carried = async (bytes: Buffer) => {
    world.clock.advance(HOUR);
    return (await revocation.addEvidence(ctx, { name: 'x.crl', bytes })).text;
  };
  expect(await carried(list(world, many))).toBe('CRL diterima sebagai bukti.');
  expect(await carried(list(world, many, { number: lastNumber(), thisUpdate: world.clock.at - 1000 }))).toMatch(
    /Nomornya sama .* bernomor lebih tinggi/,
  );
  expect(await carried(list(world, []))).toMatch(/dikarantina.*putuskan lewat Pekerjaan/);
  expect(await carried(list(world, [], { scope: { onlyCa: true } }))).toMatch(/di luar cakupannya/);
});

test('a delta that leaves the line as short as it was is not said to have few entries itself', async () => {
  const { world, ctx } = await office(['4a01']);
  const many = Array.from({ length: 42 }, (_, i) => entry((0x7000 + i).toString(16)));
  const carried = async (bytes: Buffer) => {
    world.clock.advance(HOUR);
    return (await revocation.addEvidence(ctx, { name: 'x.crl', bytes })).text;
  };
  await carried(list(world, many));
  const short = await carried(list(world, []));
  const delta = await carried(list(world, [entry('4a01')], { deltaOf: lastNumber() }));
  for (const text of [short, delta]) expect(text).toMatch(/CRL penerbit ini, bersama deltanya, .* dikarantina/);
});

test('every remark that is more than a note is told, and a doubted clock says why nothing changed', () => {
  const plain = { kind: 'crl', known: false, remarks: [], waiting: false, used: true } as const;
  const said = acceptedWords(plain);
  for (const code of Object.keys(remarks) as RemarkCode[]) {
    const more = acceptedWords({ ...plain, remarks: [code] });
    expect([code, more.length > said.length]).toEqual([code, remarks[code].severity !== 'info']);
  }
  expect(acceptedWords({ ...plain, waiting: true })).toContain('NTP');
});

test('what a carried file confirmed is not said to have been confirmed by its source, until that is asked', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, ids } = made;
  const page = net.pages.get(urls.crl)!;
  net.pages.delete(urls.crl);
  await sweep();
  const bytes = list(world);
  const bring = () => revocation.addEvidence(world.person('verifier'), { name: 'x.crl', bytes });
  const words = () => {
    const { facets, evidence, carried } = revocation.explain(ctx, ids[0]!);
    const view = revocation.evidence(ctx, evidence!.id);
    expect(view.carried).toBe(carried);
    return `${facets[1]!.text} ${evidence!.text}`;
  };
  await bring();
  expect(words()).toMatch(/Dikonfirmasi oleh berkas yang dibawa petugas pada .*, tanpa menanyai sumbernya/);
  expect(words()).not.toContain('ke sumber');
  // The server serves the very same list: now it is the source that confirmed it.
  expect(page).not.toEqual(bytes);
  net.pages.set(urls.crl, bytes);
  world.clock.advance(HOUR);
  await sweep();
  expect(words()).toMatch(/Dikonfirmasi ke sumber .* diperiksa ke sumbernya/);
  // Brought once more, later: by the file again, and whoever brings it is told so.
  world.clock.advance(HOUR);
  expect((await bring()).text).toMatch(/sudah dimiliki; .* oleh berkas yang dibawa ini, bukan oleh sumbernya/);
  expect(words()).toMatch(/Dikonfirmasi oleh berkas yang dibawa petugas/);
  world.clock.advance(HOUR);
  await sweep();
  expect(words()).toMatch(/Dikonfirmasi ke sumber/);
});
