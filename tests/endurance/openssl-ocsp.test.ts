import { share } from '../support/endurance.ts';
import { run } from './openssl-ocsp.ts';

share(run, 60);
