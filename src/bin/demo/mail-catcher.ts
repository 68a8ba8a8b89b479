// The demo's mail server: accepts every letter, keeps it as a file, delivers none, and shows what arrived on a page of
// its own. Loopback only.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import type { Outbound } from '#lib/server/outbound/index.ts';

/** Keeps a letter as the catcher would, without a socket: for the letters of the past that seeding writes by the hundred. */
export function keepIn(folder: string): Outbound['sendMail'] {
  mkdirSync(folder, { recursive: true });
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true });
  return async (_url, { attachments = [], ...mail }) => {
    const { message } = await composer.sendMail({
      ...mail,
      attachments: attachments.map((a) => ({ filename: a.name, contentType: a.mediaType, content: a.content })),
    });
    return { result: 'sent', reply: `250 Ok: disimpan sebagai ${keep(folder, message as Buffer)}` };
  };
}

function keep(folder: string, letter: Buffer): string {
  const name = `${Date.now()}-${randomBytes(4).toString('hex')}.eml`;
  writeFileSync(path.join(folder, name), letter);
  return name;
}

export type MailCatcher = { close: () => Promise<void> };

export async function catchMail(options: { folder: string; smtpPort: number; webPort: number }): Promise<MailCatcher> {
  mkdirSync(options.folder, { recursive: true });
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        done(null, `Ok: disimpan sebagai ${keep(options.folder, Buffer.concat(parts))}`);
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(options.smtpPort, '127.0.0.1', resolve);
  });
  const web = await servePage(options.folder, options.webPort);
  return {
    close: async () => {
      web.closeAllConnections();
      await new Promise((resolve) => web.close(resolve));
      // A client that keeps its connection may not keep the demo from ending.
      await Promise.race([new Promise<void>((resolve) => smtp.close(() => resolve())), setTimeout(1000)]);
    },
  };
}

function servePage(folder: string, port: number): Promise<Server> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    const letters = readdirSync(folder)
      .filter((name) => /^[\w.-]+\.eml$/.test(name))
      .sort()
      .reverse();
    const [, kind, name, index] = url.pathname.split('/');
    if (kind === 'lampiran' && name && letters.includes(name)) {
      const part = (await simpleParser(readFileSync(path.join(folder, name)))).attachments[Number(index)];
      if (part) {
        response.setHeader('content-type', part.contentType);
        response.setHeader(
          'content-disposition',
          `attachment; filename="${(part.filename ?? 'lampiran').replace(/[^\w.-]/g, '_')}"`,
        );
        response.end(part.content);
        return;
      }
    }
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(await page(folder, letters.slice(0, 50)));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const escape = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

async function page(folder: string, names: string[]): Promise<string> {
  const letters = await Promise.all(
    names.map(async (name) => {
      const mail = await simpleParser(readFileSync(path.join(folder, name)));
      const to = [mail.to ?? []]
        .flat()
        .map((address) => address.text)
        .join(', ');
      const files = mail.attachments.map(
        (part, i) =>
          `<a href="/lampiran/${name}/${i}">${escape(part.filename ?? 'lampiran')}</a> (${part.size.toLocaleString('id-ID')} B)`,
      );
      return `<article><h2>${escape(mail.subject ?? '(tanpa perihal)')}</h2><p>Kepada ${escape(to)} · ${escape(mail.date?.toISOString() ?? '')}</p><pre>${escape(mail.text ?? '')}</pre><p>${files.join(' · ')}</p></article>`;
    }),
  );
  return `<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Surat keluar (peragaan)</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#15191e}article{border-top:1px solid #c3c9d0;padding:1rem 0}h2{font-size:1rem;margin:0}p{color:#434b55;margin:.25rem 0}pre{white-space:pre-wrap;font:inherit}</style>
<h1>Surat keluar (peragaan)</h1><p>Semua surat berhenti di sini; tidak ada yang dikirim ke luar.</p>${letters.join('') || '<p>Belum ada surat.</p>'}</html>`;
}
