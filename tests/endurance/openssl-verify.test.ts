import { share } from '../support/endurance.ts';
import { run } from './openssl-verify.ts';

share(run, 40);
