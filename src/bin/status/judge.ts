// From a request to a verdict: opens the files, asks the engine, says what could not be read.
import { judgeFiles, type FilesVerdict } from '#lib/server/revocation/from-files.ts';
import { InputError, type Material, type Objects } from './material.ts';
import type { Request } from './request.ts';

export type Judged = { subject: string; at: number; verdict: FilesVerdict };

/** @throws InputError when a file cannot be examined */
export async function judge(request: Request, material: Material): Promise<Judged> {
  const { cert, anchors, intermediates, crls, ocsps, fail: _, ...options } = request;
  const own = await material.certificates(cert);
  const [leaf, ...others] = own.views;
  if (!leaf)
    throw new InputError(
      `${cert}: ${own.unreadable ? 'sertifikat di dalamnya tidak dapat dibaca' : 'tidak ada sertifikat di dalamnya'}.`,
    );
  const roots = await all(anchors, (name) => material.certificates(name));
  if (roots.every(({ views }) => views.length === 0))
    throw new InputError(`${anchors.join(', ')}: tidak ada sertifikat yang dapat dibaca sebagai induk.`);
  const between = await all(intermediates, (name) => material.certificates(name));
  const lists = await all(crls, (name) => material.lists(name));
  const answers = await all(ocsps, (name) => material.answers(name));
  const at = request.at ?? Date.now();
  const names = new Map([...named(crls, lists), ...named(ocsps, answers)]);
  const verdict = judgeFiles({
    ...options,
    leaf,
    anchors: roots.flatMap(({ views }) => views),
    intermediates: [...others, ...between.flatMap(({ views }) => views)],
    crls: lists.flatMap(({ ders }) => ders),
    ocsps: answers.flatMap(({ ders }) => ders),
    at,
    maxAge: request.maxAge ?? null,
    nameOf: (object) => names.get(object),
  });
  const missed = [
    unread('certificate_unreadable', 'sertifikat', [cert, ...anchors, ...intermediates], [own, ...roots, ...between]),
    unread('crl_unreadable', 'CRL', crls, lists),
    unread('ocsp_unreadable', 'jawaban OCSP', ocsps, answers),
  ].filter((one) => one !== null);
  return {
    subject: leaf.subject.text,
    at,
    verdict: { ...verdict, explanations: [...missed, ...verdict.explanations] },
  };
}

async function all<T>(names: readonly string[], read: (name: string) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const name of names) found.push(await read(name));
  return found;
}

/** Every object with the file that it came in. */
const named = (names: readonly string[], files: readonly Objects[]): [Buffer, string][] =>
  files.flatMap(({ ders }, i) => ders.map((der): [Buffer, string] => [der, names[i]!]));

/** @param names of the files, in their order */
function unread(code: string, word: string, names: readonly string[], files: readonly Pick<Objects, 'unreadable'>[]) {
  const count = files.reduce((sum, { unreadable }) => sum + unreadable, 0);
  const torn = names.filter((_, i) => files[i]!.unreadable > 0);
  return count === 0
    ? null
    : { code, text: `${count} ${word} tidak dapat dibaca dan tidak dipakai: ${torn.join(', ')}.` };
}
