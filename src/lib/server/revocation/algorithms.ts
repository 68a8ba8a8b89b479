// What signatures the office still believes on CRLs and OCSP answers (setting `evidenceAlgorithms`).
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import type { AlgorithmRules } from '../x509/index.ts';

/** MD5 is no choice: anybody can forge it. */
export const algorithmRules = (ctx: Context): AlgorithmRules => ({
  md5: false,
  ...settings.get(ctx, 'evidenceAlgorithms'),
});
