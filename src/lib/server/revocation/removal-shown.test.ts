// An early removal changes no status (certificate-status §3); the source and the list that lost it tell of it all the same.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

test('what vanished before its time stands among the changes of its source and of the list that no longer has it', async () => {
  const { world, net, sweep, idOf } = await office(['4a01']);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, []));
  await sweep();
  const me = world.person('verifier');
  const { id } = revocation.sources(me).find(({ url }) => url === urls.crl)!;
  const { changes } = revocation.source(me, id);
  expect(changes.map(({ to, detail }) => detail['kind'] ?? to)).toEqual(['early_removal', 'revoked']);
  expect(revocation.evidence(me, changes[0]!.evidenceId).changes).toMatchObject([{ certificateId: idOf('4a01') }]);
});
