// Why a conversation with another machine failed: a code to decide by and a sentence for people. The sentence never
// holds what the other side sent.

export type OutboundCode =
  | 'bad_url'
  | 'refused_address'
  | 'refused_port'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'too_large'
  | 'bad_redirect'
  | 'status'
  | 'garbage';

export class OutboundError extends Error {
  readonly code: OutboundCode;
  /** HTTP status when the server answered with one that is no success. */
  readonly status: number | null;
  /** Seconds of Retry-After, when the server asked for it. */
  readonly retryAfter: number | null;

  constructor(code: OutboundCode, message: string, detail: { status?: number; retryAfter?: number | null } = {}) {
    super(message);
    this.name = 'OutboundError';
    this.code = code;
    this.status = detail.status ?? null;
    this.retryAfter = detail.retryAfter ?? null;
  }
}
