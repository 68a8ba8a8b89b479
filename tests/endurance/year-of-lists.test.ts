import { share } from '../support/endurance.ts';
import { run, year } from './year-of-lists.ts';

// Some days of it, and a CA that changes its mind about few of its certificates often.
share({ ...run, round: (random) => year(random, { days: 2, certificates: 40, changes: 48 }) }, 2);
