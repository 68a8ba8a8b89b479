// Words of which guessed passwords are made: the top of the published leak lists, the Indonesian favourites, and what
// anybody would try at this office. Written as `deleet` leaves them (0 → o, 1 → i, 3 → e, 4 → a, 5 → s).
export const COMMON_WORDS: readonly string[] = `
  password passwort passw0rd passphrase pass admin administrator root user guest test demo login welcome letmein
  master monkey dragon sunshine princess football baseball superman batman shadow michael iloveyou trustno qwerty
  qwertz azerty secret secure default changeme access hello freedom whatever starwars pokemon computer internet
  summer winter spring autumn january february march april june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday google facebook whatsapp android samsung microsoft windows
  katasandi sandi rahasia sangatrahasia masuk pengguna bismillah assalamualaikum alhamdulillah insyaallah allahuakbar
  indonesia merdeka garuda pancasila nusantara jakarta bandung surabaya batam kepri kepulauan riau barelang sekupang
  nongsa bengkong sagulung lubukbaja batuampar sungaibeduk belakangpadang galang bulang batamkota tanjungpinang melayu
  pemko pemkot pemerintah walikota gubernur bupati dinas diskominfo kominfo komdigi bappeda setda sekda dprd rsud
  kecamatan kelurahan camat lurah kantor pegawai asn pns cpns pppk kota
  siaga sertifikat elektronik tandatangan bsre bssn besign pengawas penangan verifikator pimpinan auditor petugas kepala
  sayang sayangku cinta cintaku akusayangkamu kamu aku anak anakku ibu ibuku ayah bapak mama papa keluarga keluargaku
  selamat pagi siang malam semangat sukses bahagia barokah berkah amanah jaya abadi sejahtera maju bersama bisa
  januari februari maret mei juni juli agustus oktober desember senin selasa rabu kamis jumat sabtu minggu
  ganteng cantik gaul keren manis kucing anjing harimau naga bunga mawar melati bintang bulan matahari pelangi
  komputer laptop baru lama satu dua tiga empat lima enam tujuh delapan sembilan sepuluh
  persib persija liverpool chelsea barcelona realmadrid manchester united arsenal juventus
  2oi 2o2 2oo i99 i98 i97 i96
`
  .trim()
  .split(/\s+/);
