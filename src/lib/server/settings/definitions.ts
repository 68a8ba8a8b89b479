// Every setting of the office: its shape, its default, its words. A value that the regulation does not give is
// "kebijakan Dinas" and says so wherever it is shown.
import * as v from 'valibot';

const text = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`));
const whole = (min: number, max: number) =>
  v.pipe(
    v.number('Isi dengan angka.'),
    v.integer('Isi dengan bilangan bulat.'),
    v.minValue(min, `Paling kecil ${min}.`),
    v.maxValue(max, `Paling besar ${max}.`),
  );

/** Minutes, typed as "4 jam" or "1 hari 12 jam". */
const minutes = (min: number, max: number) =>
  v.pipe(
    v.number('Isi lama waktunya, mis. 4 jam, 1 hari 12 jam, atau 30 menit.'),
    v.integer('Isi sampai menit, mis. 1 jam 30 menit.'),
    v.minValue(min, `Paling singkat ${min} menit.`),
    v.maxValue(max, `Paling lama ${max / 1440} hari.`),
  );

/** SHA-256 as a person copies it: colons, spaces and capitals do not matter. */
const fingerprint = (whose: string) =>
  v.pipe(
    v.string(),
    v.transform((typed) => typed.replace(/[:\s]/g, '').toLowerCase()),
    v.regex(/^[0-9a-f]{64}$/, `Isi SHA-256 sertifikat ${whose}: 64 angka heksadesimal.`),
  );

export const definitions = {
  /** Who the office is; printed in letterheads and reports. Empty name: not set up yet. */
  office: {
    label: 'Identitas Dinas dan kop surat',
    schema: v.object({
      government: text(120),
      name: text(160),
      shortName: text(60),
      address: text(240),
      phone: text(60),
      web: text(120),
      email: text(120),
      city: text(60),
      province: text(60),
      /** Code of the office's own row in the agency register. */
      agencyCode: text(40),
      unitCode: text(40),
    }),
    fallback: {
      government: 'Pemerintah Kota Batam',
      name: '',
      shortName: 'Diskominfo',
      address: '',
      phone: '',
      web: '',
      email: '',
      city: 'Batam',
      province: 'Kepulauan Riau',
      agencyCode: 'DISKOMINFO',
      unitCode: 'DISKOMINFO',
    },
  },
  /** Who signs letters and reports (the system never signs for a person). */
  signatory: {
    label: 'Penanda tangan',
    schema: v.object({ name: text(160), position: text(160), rank: text(80), nip: text(30) }),
    fallback: { name: '', position: 'Kepala Dinas Komunikasi dan Informatika', rank: '', nip: '' },
  },
  document: {
    label: 'Bentuk dokumen',
    schema: v.object({
      paper: v.picklist(['F4', 'A4']),
      mayorWord: v.picklist(['Walikota', 'Wali Kota']),
      bsreName: text(120),
      /** Numbers of letters come from the office's agenda; this is the pattern that is proposed. */
      letterNumberPattern: text(80),
    }),
    fallback: {
      paper: 'F4' as const,
      mayorWord: 'Walikota' as const,
      bsreName: 'Balai Besar Sertifikasi Elektronik',
      letterNumberPattern: '500.12/…/DISKOMINFO/{bulan}/{tahun}',
    },
  },
  mail: {
    label: 'Surat elektronik keluar',
    schema: v.object({
      enabled: v.boolean(),
      from: text(160),
      replyTo: text(160),
    }),
    fallback: { enabled: false, from: '', replyTo: '' },
  },
  /** How long verified evidence counts as fresh (certificate-status §1), in hours. */
  freshness: {
    label: 'Batas kesegaran bukti pencabutan (jam)',
    // `issuers`: whether a certificate is in force only while its issuers, too, are freshly known not to be revoked.
    schema: v.object({ leafCrlHours: whole(1, 720), ocspHours: whole(1, 720), issuers: v.boolean() }),
    fallback: { leafCrlHours: 48, ocspHours: 24, issuers: true },
  },
  /** A CRL that loses more than this share of its entries at once is held back until a person decides (§3). */
  massChange: {
    label: 'CRL yang menyusut mendadak ditahan',
    schema: v.object({ percent: whole(1, 99), atLeast: whole(2, 100_000) }),
    fallback: { percent: 50, atLeast: 20 },
  },
  /** What signatures on CRLs and OCSP answers still prove. MD5 proves nothing and is no choice. */
  evidenceAlgorithms: {
    label: 'Algoritma yang dipercaya pada CRL dan OCSP',
    schema: v.object({ sha1: v.boolean(), rsaBits: whole(1024, 8192) }),
    fallback: { sha1: false, rsaBits: 2048 },
  },
  /** Responders that the office itself lets answer for a CA (RFC 6960 §4.2.2.2 no. 1), by SHA-256 of both certificates. */
  ocspResponders: {
    label: 'Responder OCSP yang ditetapkan sendiri',
    schema: v.array(
      v.object({
        issuer: fingerprint('penerbit'),
        responder: fingerprint('responder'),
        why: v.pipe(text(200), v.minLength(5, 'Tuliskan alasannya, paling sedikit lima huruf.')),
        until: v.pipe(v.string(), v.regex(/^(\d{4}-\d{2}-\d{2})?$/, 'Isi tanggal seperti 2027-03-31, atau kosongkan.')),
      }),
    ),
    fallback: [],
  },
  /** Keys that sign lists also for older keys of the same CA name (certificate-status §2 no. 3), by SHA-256 of both certificates. */
  crlSigners: {
    label: 'Kunci lain yang menandatangani CRL',
    schema: v.array(
      v.object({
        issuer: fingerprint('penerbit'),
        signer: fingerprint('penanda tangan CRL'),
        why: v.pipe(text(200), v.minLength(5, 'Tuliskan alasannya, paling sedikit lima huruf.')),
        until: v.pipe(v.string(), v.regex(/^(\d{4}-\d{2}-\d{2})?$/, 'Isi tanggal seperti 2027-03-31, atau kosongkan.')),
      }),
    ),
    fallback: [],
  },
  /** Days before the end at which a signer's certificate is announced; negative: after the end (§10). */
  ladders: {
    label: 'Tangga peringatan (hari)',
    schema: v.object({
      signer: v.array(whole(-365, 730)),
      tls: v.array(whole(-365, 730)),
      authority: v.array(whole(-365, 3650)),
      /** A certificate is "akan kedaluwarsa" this many days before its end. */
      expiringDays: whole(1, 365),
    }),
    fallback: {
      signer: [60, 30, 14, 7, 3, 1, 0, -1, -7, -30],
      tls: [30, 14, 7, 3, 1, 0, -1],
      authority: [365, 180, 90, 30],
      expiringDays: 60,
    },
  },
  /** Clocks of an incident, in minutes. The regulation says only "segera" (Pasal 19): these are kebijakan Dinas. */
  incidentClocks: {
    label: 'Batas waktu insiden',
    schema: v.object({
      acknowledge: minutes(5, 10_080),
      revocationRequest: minutes(5, 10_080),
      revocationSeen: minutes(30, 43_200),
      earlyNotice: minutes(30, 43_200),
      technicalHelp: minutes(30, 43_200),
      finalReport: minutes(60, 129_600),
    }),
    fallback: {
      acknowledge: 240,
      revocationRequest: 60,
      revocationSeen: 1440,
      earlyNotice: 1440,
      technicalHelp: 1440,
      finalReport: 20_160,
    },
  },
  /** Deadlines of evaluation and report. Pasal 18 gives the frequency, not the day. */
  deadlines: {
    label: 'Tenggat evaluasi dan laporan',
    schema: v.object({
      /** Month and day after the year's end by which the annual report is sent, MM-DD. */
      annualReport: v.pipe(v.string(), v.regex(/^\d{2}-\d{2}$/, 'Isi sebagai BB-HH, mis. 01-31.')),
      utilisationReport: v.pipe(v.string(), v.regex(/^\d{2}-\d{2}$/, 'Isi sebagai BB-HH, mis. 01-31.')),
      findingDays: whole(1, 365),
      /** After a finding was closed: when somebody looks whether it helped. */
      effectDays: whole(1, 730),
      replyWorkingDays: whole(1, 60),
      /** Working days an agency has to answer its evaluation sheet. */
      answerWorkingDays: whole(1, 60),
    }),
    fallback: {
      annualReport: '01-31',
      utilisationReport: '01-31',
      findingDays: 60,
      effectDays: 90,
      replyWorkingDays: 5,
      answerWorkingDays: 10,
    },
  },
  /** What lint compares certificates with (certificate-status §9); lists are separated by commas. */
  certificateRules: {
    label: 'Aturan pemeriksaan sertifikat',
    schema: v.object({ emailDomains: text(500), organizations: text(2000), maxDays: whole(30, 3650) }),
    fallback: { emailDomains: 'batam.go.id', organizations: '', maxDays: 1096 },
  },
  /** Hosts in the office's own network that may be fetched from although their address is private (§7). */
  outboundAllow: {
    label: 'Alamat jaringan dalam yang boleh dihubungi',
    schema: v.array(v.object({ host: text(200), port: whole(1, 65_535), why: text(200), until: text(10) })),
    fallback: [],
  },
  /** Standing delegation: the officer on duty sends the early notice without the signatory. */
  delegation: {
    label: 'Pelimpahan kewenangan piket',
    schema: v.object({ decree: text(120), earlyNotice: v.boolean() }),
    fallback: { decree: '', earlyNotice: false },
  },
} as const;

export type SettingKey = keyof typeof definitions;
export type SettingValue<K extends SettingKey> = v.InferOutput<(typeof definitions)[K]['schema']>;
