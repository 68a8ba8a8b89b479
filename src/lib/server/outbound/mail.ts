// One message to the office's mail server. The answer is classified by what is certain: `sent` only with the server's
// 2xx to DATA; `uncertain` when the connection broke after the message began, because it may have arrived.
import nodemailer, { type TransportOptions } from 'nodemailer';

export type Mail = {
  from: string;
  to: string;
  replyTo?: string;
  subject: string;
  text: string;
  /** Derived from the idempotency key by the caller, so that a repetition is recognisable. */
  messageId?: string;
  headers?: Record<string, string>;
  attachments?: { name: string; mediaType: string; content: Buffer }[];
};

/** `reply` is the server's own line (to DATA when sent), or what went wrong in a sentence. */
export type MailResult = { result: 'sent' | 'transient' | 'permanent' | 'uncertain'; reply: string };

const LIMITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000, dnsTimeout: 5_000 };

/** Never throws: every outcome is a result. */
export async function sendMail(smtpUrl: string, mail: Mail, limits: Partial<typeof LIMITS> = {}): Promise<MailResult> {
  const journal = new Journal();
  try {
    const transport = nodemailer.createTransport({
      ...connectionOf(smtpUrl),
      ...LIMITS,
      ...limits,
      // A definition may name no file and no address to read from: attachments are bytes.
      disableFileAccess: true,
      disableUrlAccess: true,
      transactionLog: true,
      logger: journal.logger,
    } as TransportOptions);
    const info = (await transport.sendMail({
      from: mail.from,
      to: mail.to,
      replyTo: mail.replyTo || undefined,
      subject: mail.subject,
      text: mail.text,
      messageId: mail.messageId,
      headers: mail.headers,
      attachments: mail.attachments?.map((a) => ({ filename: a.name, contentType: a.mediaType, content: a.content })),
    })) as { response?: string };
    return { result: 'sent', reply: line(info.response ?? '') };
  } catch (error) {
    return failed(error as SmtpError, journal.dataBegun);
  }
}

/** smtp://user:password@host:port or smtps://…; `?insecure` is not offered: a wrong certificate stays an error. */
function connectionOf(smtpUrl: string) {
  const url = new URL(smtpUrl);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 25),
    secure,
    ...(user ? { auth: { user, pass: decodeURIComponent(url.password) } } : {}),
  };
}

type SmtpError = Error & { code?: string; responseCode?: number; response?: string };

function failed(error: SmtpError, dataBegun: boolean): MailResult {
  const reply = line(error.response ?? error.message);
  // A refused sign-in is a fault of the settings, not of this message: it is tried again after the repair.
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return { result: 'transient', reply };
  if (error.responseCode && error.responseCode >= 500 && error.code !== 'ECONNECTION')
    return { result: 'permanent', reply };
  if (error.responseCode) return { result: 'transient', reply };
  if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return { result: 'permanent', reply };
  return { result: dataBegun ? 'uncertain' : 'transient', reply };
}

/** One line without control characters, short enough for a row. */
const line = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, 500);

/** Listens to the SMTP conversation for the one thing nodemailer does not report: whether DATA had begun. */
class Journal {
  dataBegun = false;
  readonly logger = {
    level: () => {},
    trace: () => {},
    debug: (entry: { tnx?: string }, message: string) => {
      if (entry?.tnx === 'client' && message === 'DATA') this.dataBegun = true;
    },
    info: () => {},
    warn: () => {},
    error: () => {},
    fatal: () => {},
  };
}
