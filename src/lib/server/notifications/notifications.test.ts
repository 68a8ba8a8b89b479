import type { AddressInfo, Socket } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as audit from '../audit/index.ts';
import { MINUTE, HOUR } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as files from '../files/index.ts';
import { outbound, type Mail, type MailResult } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { makeWorld } from '#tests/support/world.ts';
import { pause } from './lane.ts';
import * as notifications from './index.ts';

const MESSAGE: notifications.Message = {
  key: 'alert:1:a',
  subject: 'Sertifikat akan kedaluwarsa',
  recipient: 'petugas@batam.example',
  body: 'Tiga sertifikat akan kedaluwarsa.',
  about: ['alert', '1'],
  lane: 'alert',
};

function office(enabled = true) {
  const world = makeWorld();
  const admin = world.person('administrator');
  settings.set(admin, 'mail', { enabled, from: 'siaga@batam.example', replyTo: '' }, { source: 'uji' });
  return { ...world, admin, jobs: world.ctx() };
}

/** A mail server on loopback that keeps what it accepted. */
async function server(
  options: SMTPServerOptions = {},
): Promise<{ url: string; received: string[]; sockets: Set<Socket> }> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString('utf8'));
        done(null, '2.0.0 Ok: queued as UJI-1');
      });
    },
    ...options,
  });
  smtp.on('error', () => {});
  smtp.server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((ready) => smtp.listen(0, '127.0.0.1', ready));
  onTestFinished(() => new Promise<void>((closed) => smtp.close(() => closed())));
  return { url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`, received, sockets };
}
const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

/** A scripted network: answers in turn, keeps what was handed to it. */
function scripted(...answers: (MailResult | 'crash')[]) {
  const mails: Mail[] = [];
  return {
    mails,
    outbound: {
      sendMail: async (_url: string, mail: Mail): Promise<MailResult> => {
        mails.push(mail);
        const answer = answers.shift() ?? { result: 'sent', reply: '250 ok' };
        if (answer === 'crash') return new Promise(() => {});
        return answer;
      },
    },
  };
}
const state = (ctx: Context, id: string) => ({
  ...notifications.list(ctx).rows.find((row) => row.id === id)!,
  tries: notifications.tries(ctx, [id]),
});

describe('through a real mail server', () => {
  test('a letter arrives with its attachment, and its text stays; a link loses its text', async () => {
    const { admin, jobs } = office();
    const { url, received } = await server();
    const pdf = files.put(jobs, Buffer.from('%PDF-1.7 uji'));
    files.register(jobs, pdf, 'application/pdf');
    const letter = notifications.queue(jobs, {
      ...MESSAGE,
      key: 'l',
      lane: 'letter',
      attachments: [{ sha256: pdf.sha256, name: 'surat.pdf', mediaType: 'application/pdf' }],
    });
    const link = notifications.queue(jobs, {
      ...MESSAGE,
      key: 'k',
      lane: 'link',
      body: 'https://siaga/invitation/rahasia',
    });
    expect(state(admin, link).body).toBeNull();
    expect(await notifications.deliver(jobs, { outbound, smtpUrl: url })).toBe(2);
    const mail = await simpleParser(received[0]!);
    expect(mail.attachments[0]).toMatchObject({ filename: 'surat.pdf' });
    expect(mail.attachments[0]!.content.toString()).toBe('%PDF-1.7 uji');
    expect(mail.messageId).toMatch(/^<[0-9a-f]{40}@siaga\.invalid>$/);
    expect(state(admin, letter)).toMatchObject({
      state: 'sent',
      body: MESSAGE.body,
      remoteReply: '250 2.0.0 Ok: queued as UJI-1',
    });
    expect(state(admin, link)).toMatchObject({ state: 'sent', body: null });
    expect(audit.list(admin, { target: ['message', letter] }, String)[0]?.sentence).toMatch(/diterima server/);
    expect(audit.verify(admin).ok).toBe(true);
  });

  test('550 stops at once; 451 is tried again after one minute and then arrives', async () => {
    const { admin, jobs, clock } = office();
    const hard = await server({ onRcptTo: (_a, _s, done) => done(refusal(550, '5.1.1 alamat tidak dikenal')) });
    const id = notifications.queue(jobs, MESSAGE);
    await notifications.deliver(jobs, { outbound, smtpUrl: hard.url });
    expect(state(admin, id)).toMatchObject({ state: 'failed', tries: [{ result: 'permanent' }] });
    expect(state(admin, id).remoteReply).toMatch(/550/);
    expect(notifications.tasks(jobs)).toHaveLength(1);

    let refusals = 1;
    const soft = await server({
      onRcptTo: (_a, _s, done) => (refusals-- > 0 ? done(refusal(451, '4.7.1 coba lagi')) : done()),
    });
    const second = notifications.queue(jobs, { ...MESSAGE, key: 'alert:2' });
    await notifications.deliver(jobs, { outbound, smtpUrl: soft.url });
    expect(state(admin, second)).toMatchObject({ state: 'queued', tries: [{ result: 'transient' }] });
    expect(notifications.deliveryWaiting(jobs)).toBe(false);
    clock.advance(2 * MINUTE);
    expect(notifications.deliveryWaiting(jobs)).toBe(true);
    await notifications.deliver(jobs, { outbound, smtpUrl: soft.url });
    expect(state(admin, second)).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('a connection that drops after DATA is uncertain; the repetition has the same identity', async () => {
    const { admin, jobs, clock } = office();
    let drop = true;
    const seen: string[] = [];
    const { url, sockets } = await server({
      onData(stream, _session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          seen.push(Buffer.concat(chunks).toString('utf8'));
          if (!drop) return done(null, 'Ok');
          drop = false;
          for (const socket of sockets) socket.destroy();
        });
      },
    });
    const id = notifications.queue(jobs, { ...MESSAGE, lane: 'letter' });
    await notifications.deliver(jobs, { outbound, smtpUrl: url });
    expect(state(admin, id)).toMatchObject({ state: 'queued', tries: [{ result: 'uncertain' }] });
    clock.advance(2 * MINUTE);
    await notifications.deliver(jobs, { outbound, smtpUrl: url });
    expect(state(admin, id)).toMatchObject({ state: 'sent', tries: [{ result: 'uncertain' }, { result: 'sent' }] });
    const [first, second] = await Promise.all(seen.map((raw) => simpleParser(raw)));
    expect(second!.messageId).toBe(first!.messageId);
  });
});

describe('the outbox', () => {
  test('one key is one message, whoever queues it again', () => {
    const { admin, jobs } = office();
    const first = notifications.queue(jobs, MESSAGE);
    expect(notifications.queue(jobs, { ...MESSAGE, subject: 'lain', body: 'lain' })).toBe(first);
    expect(notifications.list(admin).rows).toHaveLength(1);
    expect(state(admin, first).subject).toBe(MESSAGE.subject);
  });

  test('a process killed between sending and recording leaves an uncertain try and sends again under the same identity', async () => {
    const { admin, jobs, clock } = office();
    const net = scripted('crash');
    const id = notifications.queue(jobs, { ...MESSAGE, lane: 'letter' });
    void notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(net.mails).toHaveLength(1);
    // Another process starts at once: the lease keeps it away.
    expect(await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' })).toBe(0);
    clock.advance(4 * MINUTE);
    expect(await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' })).toBe(1);
    expect(net.mails[1]!.messageId).toBe(net.mails[0]!.messageId);
    expect(state(admin, id).tries.map((a) => a.result)).toEqual(['uncertain', 'sent']);
  });

  test('while the switch is off everything is held, letters too, but the test mail leaves', async () => {
    const { admin, jobs } = office(false);
    const net = scripted();
    const letter = notifications.queue(jobs, { ...MESSAGE, key: 'l', lane: 'letter' });
    const stale = notifications.queue(jobs, { ...MESSAGE, key: 'old' });
    const probe = notifications.sendTest(admin, 'admin@batam.example');
    expect(await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' })).toBe(1);
    expect(state(admin, probe).state).toBe('sent');
    expect(notifications.preview(admin).map((row) => row.id)).toEqual([letter, stale]);
    const sender = { from: 'siaga@batam.example', replyTo: '', source: 'Nota dinas uji' };
    expect(notifications.switchOn(admin, sender, [letter])).toEqual({ released: 1, cancelled: 1 });
    expect(await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' })).toBe(1);
    expect(state(admin, letter).state).toBe('sent');
    expect(state(admin, stale)).toMatchObject({ state: 'cancelled', body: null });
    notifications.switchOff(admin, 'Server surel dipindahkan');
    expect(state(admin, notifications.queue(jobs, { ...MESSAGE, key: 'later', lane: 'letter' })).state).toBe('held');
  });

  test('a switch turned on the settings page is followed', async () => {
    const { admin, jobs } = office(false);
    const id = notifications.queue(jobs, MESSAGE);
    settings.set(admin, 'mail', { enabled: true, from: 'siaga@batam.example', replyTo: '' }, { source: 'uji' });
    const net = scripted();
    expect(await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' })).toBe(1);
    expect(state(admin, id).state).toBe('sent');
  });

  test('without a mail server nothing is tried and nothing is lost', async () => {
    const { admin, jobs } = office();
    const id = notifications.queue(jobs, MESSAGE);
    expect(await notifications.deliver(jobs, { ...scripted(), smtpUrl: '' })).toBe(0);
    expect(state(admin, id)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  test('a server that is away is left alone after three refusals; the rest waits untouched', async () => {
    const { admin, jobs } = office();
    for (let i = 0; i < 6; i += 1) notifications.queue(jobs, { ...MESSAGE, key: `n:${i}` });
    const away: MailResult = { result: 'transient', reply: 'connect ECONNREFUSED' };
    const net = scripted(away, away, away);
    await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' });
    expect(net.mails).toHaveLength(3);
    expect(notifications.list(admin).rows.filter((row) => row.attempts === 0)).toHaveLength(3);
  });

  test('what meets only transient refusals for four days is given up', async () => {
    const { admin, jobs, clock, person } = office();
    const id = notifications.queue(jobs, MESSAGE);
    clock.advance(97 * HOUR);
    await notifications.deliver(jobs, { ...scripted({ result: 'transient', reply: '451' }), smtpUrl: 'smtp://x' });
    expect(state(admin, id).state).toBe('failed');
    notifications.retry(person('handler'), id);
    expect(state(admin, id)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  test('a letter whose attachment was damaged does not leave without it', async () => {
    const { admin, jobs } = office();
    const id = notifications.queue(jobs, {
      ...MESSAGE,
      lane: 'letter',
      attachments: [{ sha256: 'ab'.repeat(32), name: 'x.pdf', mediaType: 'application/pdf' }],
    });
    const net = scripted();
    await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' });
    expect(net.mails).toHaveLength(0);
    expect(state(admin, id)).toMatchObject({ state: 'failed' });
  });

  test.each(['a@b.id, c@d.id', 'a@b.id\nBcc: x@y.id', '<a@b.id>', 'nobody', 'a@b..id', ''])(
    'the recipient %j is refused',
    (recipient) => {
      const { jobs } = office();
      expect(() => notifications.queue(jobs, { ...MESSAGE, recipient })).toThrow(/Alamat surel/);
    },
  );

  test('names of people in a subject go with the text, when it was sent and when it was cancelled', async () => {
    const { admin, jobs } = office();
    const net = scripted();
    const subject = 'Siaga, segera: kunci ANI bocor, sertifikatnya dicabut';
    const about = ['alerts', '2026-11-23'] as const;
    const sent = notifications.queue(jobs, { ...MESSAGE, key: 'a', subject, about, lane: 'alert' });
    await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' });
    const other = notifications.queue(jobs, { ...MESSAGE, key: 'b', subject, about, lane: 'alert' });
    expect(state(admin, other).subject).toBe(subject);
    notifications.cancel(admin, other, 'tidak jadi dikirim');
    for (const id of [sent, other]) expect(state(admin, id).subject).not.toContain('ANI');
    expect(net.mails[0]!.subject).toBe(subject);
    const report = notifications.queue(jobs, { ...MESSAGE, key: 'c', subject: 'Laporan baru 7', lane: 'alert' });
    await notifications.deliver(jobs, { ...net, smtpUrl: 'smtp://x' });
    expect(state(admin, report)).toMatchObject({ state: 'sent', subject: 'Laporan baru 7', body: null });
  });

  test('a subject cannot start another header', () => {
    const { admin, jobs } = office();
    const id = notifications.queue(jobs, { ...MESSAGE, subject: 'Hal\r\nBcc: x@y.id' });
    expect(state(admin, id).subject).toBe('Hal Bcc: x@y.id');
  });

  test('only the administrator switches; a handler may read, an officer may not', () => {
    const { jobs, person } = office();
    notifications.queue(jobs, MESSAGE);
    expect(() => notifications.switchOff(person('handler'), 'alasan cukup')).toThrow(/hak/);
    expect(notifications.list(person('handler')).rows).toHaveLength(1);
    expect(() => notifications.list(person('officer'))).toThrow(/hak/);
  });
});

test('pauses are 1, 2, 4 … at most 60 minutes, with at most a tenth more', () => {
  for (const [attempts, minutes] of [
    [1, 1],
    [2, 2],
    [3, 4],
    [6, 32],
    [7, 60],
    [40, 60],
  ] as const) {
    const ms = pause(attempts, 'seed');
    expect(ms).toBeGreaterThanOrEqual(minutes * MINUTE);
    expect(ms).toBeLessThanOrEqual(minutes * MINUTE * 1.1);
  }
});
