// The two messages of this room, as plain text. Pure.
type Facts = { name: string; link: string; hours: number; office: string };

const closing = (
  office: string,
) => `Bila Anda tidak mengharapkan surel ini, abaikan saja; tanpa tautan di atas tidak ada yang berubah.

Siaga, pengawasan sertifikat elektronik
${office}`;

export const invitationMail = ({ name, link, hours, office }: Facts) => ({
  subject: 'Undangan ke Siaga',
  body: `Yth. ${name},

Anda diundang memakai Siaga. Buka tautan ini untuk membuat kata sandi; tautan berlaku ${hours} jam dan hanya sekali pakai:

${link}

${closing(office)}
`,
});

export const resetMail = ({ name, link, hours, office }: Facts) => ({
  subject: 'Kata sandi baru untuk Siaga',
  body: `Yth. ${name},

Buka tautan ini untuk membuat kata sandi baru; tautan berlaku ${hours} jam dan hanya sekali pakai:

${link}

${closing(office)}
`,
});
