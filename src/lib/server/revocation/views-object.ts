// What the bytes of an accepted object say: facts, the rules that it passed, its signer, which of ours it names. Reading only.
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { verifySignature } from '../x509/index.ts';
import type { Crossing } from './crl.ts';
import { answerRules, listRules, type Rule } from './evidence-rules.ts';
import { heldObject } from './held-object.ts';
import { Issuers } from './issuers.ts';
import { readResponse } from './ocsp.ts';
import type { ThinnedEntry } from './schema.ts';
import { shownSigner, signerOf, signerWords } from './views-signer.ts';
import * as store from './store.ts';
import { answerFacts, extensionsOf, listFacts, scopeText, type ExtensionFact, type Fact } from './views-decode.ts';

/** A page does not hash or walk more than this; what a larger list holds was written down when it was crossed. */
const LIVE_BYTES = 8 * 1024 * 1024;

/** A serial of ours that a list names. */
export type Named = {
  id: string | null;
  commonName: string;
  serial: string;
  revokedAt: number;
  reason: number | null;
  invalidityAt: number | null;
};

type Decoded = {
  /** Why the bytes cannot be shown, when they cannot. */
  missing: string | null;
  facts: Fact[];
  /** What a list covers, when that is not every certificate of its issuer. */
  covers: string | null;
  extensions: ExtensionFact[];
  rules: Rule[];
  signer: { name: string; fingerprint: string; authorityId: string | null; path: readonly string[] } | null;
  /** Null: too many entries to look for ours again; what they changed is in `changes`. */
  named: Named[] | null;
  /** What an answer says about its certificate; also when only that is left of it. */
  said: { status: NonNullable<ThinnedEntry['status']>; revokedAt: number | null; reason: number | null } | null;
};

const NOTHING: Omit<Decoded, 'missing'> = {
  facts: [],
  covers: null,
  extensions: [],
  rules: [],
  signer: null,
  named: null,
  said: null,
};

/** @property earlier the list of the same line before this one; `visible`: whose certificates the reader may see */
type About = { earlier: store.EvidenceRow | null; visible: (agencyId: string | null) => boolean };

export function decoded(ctx: Context, row: store.EvidenceRow, about: About): Decoded {
  const issuers = Issuers.read(ctx.db);
  try {
    if (row.kind === 'ocsp') return answer(ctx, row, issuers);
    return list(ctx, row, issuers, about);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...NOTHING, missing: error.message };
  }
}

function list(ctx: Context, row: store.EvidenceRow, issuers: Issuers, { earlier, visible }: About): Decoded {
  const large = row.size > LIVE_BYTES;
  const wanted = new Set(large ? [] : store.serialsOf(ctx.db, row.issuerKey));
  const { bytes, crl: read, crossing } = heldObject(ctx, row, wanted);
  const crl = read!;
  const certificate = signerOf(ctx, row.signerFingerprint, []);
  const verify = (spki: Buffer) => verifySignature(crl.tbs, crl.algorithm.der, crl.signature, spki);
  const signer = certificate && signerWords(certificate, issuers, row.acceptedAt, bytes && !large ? verify : null);
  const extensions = extensionsOf(crl);
  const { entryCount, acceptedAt, remarks } = row;
  return {
    missing: null,
    facts: listFacts(crl, row),
    covers: crl.scope && scopeText(crl),
    extensions,
    rules: listRules({
      crl,
      extensions,
      entryCount: entryCount ?? 0,
      before: earlier && {
        number: earlier.crlNumber,
        thisUpdate: earlier.thisUpdate,
        entryCount: earlier.entryCount ?? 0,
      },
      acceptedAt,
      remarks,
      signer,
    }),
    signer: signer && shownSigner(signer, issuers),
    named: large && bytes ? null : namedIn(ctx, row, crossing!, visible),
    said: null,
  };
}

function answer(ctx: Context, row: store.EvidenceRow, issuers: Issuers): Decoded {
  const { bytes } = heldObject(ctx, row);
  const basic = bytes && readResponse(bytes).basic;
  if (!basic) {
    const kept = store.thinnedOf(ctx.db, row.id)?.found[0];
    return { ...NOTHING, missing: null, said: kept?.status ? { ...kept, status: kept.status } : null };
  }
  const own = row.certificateId
    ? [store.checkedById(ctx.db, row.certificateId)?.serial]
    : issuers.issuedBy(row.issuerKey).map(({ view }) => view.serial);
  const about = basic.singles
    .filter((s) => own.includes(s.certId.serial))
    .sort((a, b) => b.thisUpdate - a.thisUpdate)[0];
  const certificate = signerOf(ctx, row.signerFingerprint, basic.certificates);
  const verify = (spki: Buffer) => verifySignature(basic.tbs, basic.algorithm.der, basic.signature, spki);
  const signer = certificate && signerWords(certificate, issuers, row.acceptedAt, verify);
  return {
    missing: null,
    facts: answerFacts(basic, about),
    covers: null,
    extensions: [],
    rules: answerRules({
      basic,
      about,
      size: bytes.length,
      byIssuer: certificate?.publicKey.spkiSha256 === row.issuerKey,
      issuerName: row.issuerName,
      acceptedAt: row.acceptedAt,
      remarks: row.remarks,
      signer,
    }),
    signer: signer && shownSigner(signer, issuers),
    named: null,
    said: about ?? null,
  };
}

/** Serials of ours in a list, certificates first, then CA certificates. */
function namedIn(
  ctx: Context,
  row: store.EvidenceRow,
  { found }: Crossing,
  visible: (agencyId: string | null) => boolean,
): Named[] {
  return [...found.values()].flatMap((entries) => {
    const entry = [...entries].sort((a, b) => a.revokedAt - b.revokedAt)[0]!;
    const { serial, revokedAt, reason, invalidityAt } = entry;
    return store.idsOf(ctx.db, row.issuerKey, serial).flatMap((id): Named[] => {
      const named = store.nameOf(ctx.db, id);
      return named && visible(named.agencyId)
        ? [{ id, commonName: named.commonName, serial, revokedAt, reason, invalidityAt }]
        : [];
    });
  });
}
