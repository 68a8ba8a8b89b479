// The articles an obligation rests on, word for word as promulgated; copied into the obligation at its birth, so that
// a later edit here never changes the past. Pure.
import { types, type IncidentType, type Stage } from './kinds.ts';

const REGULATION = 'Perwali Batam 27/2020';

export const articles = {
  '12d':
    'mengajukan permohonan pencabutan Sertifikat Elektronik, jika mengetahui atau mencurigai bahwa sertifikat yang dimiliki digunakan oleh orang lain atau adanya kesalahan informasi atau kehilangan atau kebocoran kunci privat;',
  '19(1)':
    'Dalam hal terdapat insiden keamanan informasi dalam Penggunaan Sertifikat elektronik di lingkungan Pemerintah Daerah, Dinas segera menyampaikan laporan kepada Kepala Badan Siber dan Sandi Negara dan Kepala BSrE.',
  '20(2)':
    'Atas adanya laporan permasalahan sebagaimana dimaksud pada ayat (1), Dinas meminta bantuan teknis kepada BSrE.',
} as const;

export type Owed = {
  party: 'bssn' | 'bsre';
  stage: Stage;
  basis: string;
  legalText: string;
  /** Which budget of settings.incidentClocks applies. */
  budget: 'earlyNotice' | 'technicalHelp';
};

/**
 * What the Dinas owes for an incident of this type. Pasal 19(1): a report to both heads for every incident, since the
 * list of 19(2) is open; Pasal 20(2): technical help of BSrE for problems of 19(2)b.
 */
export function owedFor(type: IncidentType): Owed[] {
  const notice = (party: 'bssn' | 'bsre'): Owed => ({
    party,
    stage: 'early_notice',
    basis: `${REGULATION} Pasal 19 ayat (1)`,
    legalText: articles['19(1)'],
    budget: 'earlyNotice',
  });
  const help: Owed = {
    party: 'bsre',
    stage: 'technical_help',
    basis: `${REGULATION} Pasal 20 ayat (2)`,
    legalText: articles['20(2)'],
    budget: 'technicalHelp',
  };
  return types[type].clause === 'b' ? [notice('bssn'), notice('bsre'), help] : [notice('bssn'), notice('bsre')];
}

/** Where the minutes come from: the regulation gives none. */
export const BUDGET_SOURCE = 'kebijakan Dinas; Perwali hanya menyebut “segera”';
