import { share } from '../support/endurance.ts';
import { run } from './evidence-from-files.ts';

share(run, 150);
