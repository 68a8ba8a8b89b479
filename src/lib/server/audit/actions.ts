// Every action that can stand in the trail, with the Indonesian sentence it reads as. Placeholders are the actor and
// the entry's details (`{count}`) or personal values (`{*email}`, "(dihapus)" once erased). An action that is not here
// does not compile; a sentence is never changed in meaning, only a new action added.

export const actions = {
  // settings
  'setting.changed': '{actor} mengubah pengaturan {key} (versi {version}; sumber: {source})',
  'holidays.changed': '{actor} mencatat {count} hari libur (sumber: {source})',
  // agencies
  'agencies.seeded': '{actor} memasukkan daftar {count} Perangkat Daerah dan unit',
  'agency.renamed': '{actor} mengganti nama Perangkat Daerah {code} menjadi {name}',
  'contact.changed': '{actor} mengubah alamat {party}: {*name}',
  'contact.verified': '{actor} memeriksa kebenaran alamat {party}',
  // jobs
  'job.requested': '{actor} meminta tugas dijalankan sekarang: {title}',
  'backup.made': '{actor} membuat cadangan {name} ({result})',
  // files
  'file.read': '{actor} membuka berkas {name}',
} as const;

export type Action = keyof typeof actions;
