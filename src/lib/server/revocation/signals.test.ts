// What one object of evidence raised about many certificates is one question with one answer.
import { expect, test } from 'vitest';
import { entry, lastNumber, list, office, urls } from '#tests/support/revocation-office.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

const SERIALS = ['4a01', '4a02', '4a03', '4a04', '4a05'];

/** All are revoked; an hour later one list drops four of them, another the fifth. */
async function dropped() {
  const made = await office(SERIALS);
  const { world, net, sweep } = made;
  const publish = async (serials: readonly string[]) => {
    const reasonOf = (serial: string) => (serial < '4a04' ? 1 : 4);
    net.pages.set(
      urls.crl,
      list(
        world,
        serials.map((serial) => entry(serial, { reason: reasonOf(serial) })),
      ),
    );
    await sweep();
    world.clock.advance(HOUR);
  };
  await publish(SERIALS);
  await publish(['4a05']);
  const four = lastNumber();
  await publish([]);
  return { ...made, four };
}

test('what one list dropped is one row with its number, the list, some names and why they were revoked', async () => {
  const { ctx, four } = await dropped();
  const { rows, states, next } = revocation.signalList(ctx, { state: 'open' });
  expect(states.open).toBe(5);
  expect(next).toBeNull();
  expect(rows.map(({ n }) => n)).toEqual([1, 4]);
  expect(rows[1]).toMatchObject({
    kind: 'early_removal',
    by: { text: `CRL BSRE CA UJI G1 nomor ${four}` },
    revoked: ['3 kunci privat bocor atau hilang (1 keyCompromise)', '1 digantikan sertifikat baru (4 superseded)'],
  });
  expect(rows[1]!.names).toHaveLength(3);
  expect(rows[0]!.names).toEqual(['ORANG 4a05']);
  expect(rows[0]!.revoked[0]).toMatch(/superseded\), sejak .* WIB/);
});

test('groups are paged by their newest, none twice and none lost', async () => {
  const { ctx } = await dropped();
  const first = revocation.signalList(ctx, { state: 'open', limit: 1 });
  expect(first.rows.map(({ n }) => n)).toEqual([1]);
  const second = revocation.signalList(ctx, { state: 'open', limit: 1, after: first.next! });
  expect(second.rows.map(({ n }) => n)).toEqual([4]);
  expect(second.next).toBeNull();
});

test('asked for, what an object raised stands one by one, each with its own reason', async () => {
  const { ctx } = await dropped();
  const group = revocation.signalList(ctx, { state: 'open' }).rows[1]!;
  const asked = { state: 'open' as const, kind: group.kind, evidenceId: group.evidenceId! };
  const { rows, alike } = revocation.signalList(ctx, asked);
  expect(alike).toBe(4);
  expect(rows.map(({ names }) => names[0]).sort()).toEqual(SERIALS.slice(0, 4).map((serial) => `ORANG ${serial}`));
  expect(rows.every(({ revoked }) => revoked.length === 1)).toBe(true);
});

test('one answer settles all of one object, only as many as were shown, in one entry of the trail', async () => {
  const { ctx, world, state } = await dropped();
  const { kind, evidenceId } = revocation.signalList(ctx, { state: 'open' }).rows[1]!;
  const about = { kind, evidenceId: evidenceId! };
  const verifier = world.person('verifier');
  const reason = 'Surat BSrE 12/2026: salah cetak CRL';
  expect(() => revocation.settleSignals(verifier, about, { reason: 'ya', expected: 4 })).toThrow('lima huruf');
  expect(() => revocation.settleSignals(verifier, about, { reason, expected: 5 })).toThrow('Jumlahnya berubah');
  expect(() => revocation.settleSignals(world.person('leader'), about, { reason, expected: 4 })).toThrow('hak');
  expect(revocation.settleSignals(verifier, about, { reason, expected: 4 })).toBe(4);
  expect(revocation.signalList(ctx, { state: 'open' }).states).toEqual({ open: 1, settled: 4 });
  expect(revocation.signalList(ctx, { state: 'settled' }).rows).toMatchObject([{ n: 4, settledWhy: reason }]);
  expect(state('4a01').revocation).toBe('revoked');
  const entries = audit.list(ctx, { limit: 20 }, () => 'x').filter(({ action }) => action === 'signals.settled');
  expect(entries).toHaveLength(1);
  // Told by its word, not by its code.
  expect(entries[0]!.sentence).toContain('peringatan sumber sekaligus: hilang dari CRL sebelum waktunya');
  expect(() => revocation.settleSignals(verifier, about, { reason, expected: 4 })).toThrow('Jumlahnya berubah');
});
