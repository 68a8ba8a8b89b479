import { share } from '../support/endurance.ts';
import { run } from './revocation-office.ts';

share(run, 12);
