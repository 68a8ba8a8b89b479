// The only code that opens a socket. Bounded fetches of signed objects (limits and address rules of certificate-status
// §7), one mail to the office's own server, a reachability probe. It decides nothing and believes nothing: what comes
// back is bytes. Verbs that need the network take `Outbound` as an argument, so a test hands in a scripted one.
import { fetchBounded } from './fetch.ts';
import { sendMail } from './mail.ts';
import { probeTcp } from './probe.ts';
import { reach } from './reach.ts';

export { forbiddenAddress } from './address.ts';
export { OutboundError, type OutboundCode } from './errors.ts';
export { fetchBounded, type Fetched, type FetchOptions, type Limits } from './fetch.ts';
export { sendMail, type Mail, type MailResult } from './mail.ts';
export { probeTcp } from './probe.ts';
export { reach, type Endpoint, type Reached } from './reach.ts';
export { entryFor, isNamed, neverAsked, type AllowEntry } from './target.ts';

export type Outbound = {
  fetchBounded: typeof fetchBounded;
  sendMail: typeof sendMail;
  probeTcp: typeof probeTcp;
  reach: typeof reach;
};

export const outbound: Outbound = { fetchBounded, sendMail, probeTcp, reach };
