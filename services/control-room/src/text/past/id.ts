// The words of a device's past, in Indonesian.
import type { pastEn } from './en.ts'

export const pastId: typeof pastEn = {
  past: {
    label: '30 hari terakhir',
    ribbon: 'Keadaan perangkat dalam 30 hari terakhir',
    how: 'Arahkan penunjuk ke pita, atau telusuri dengan tombol panah.',
    nothing: 'tidak ada',
    during: (from, to, age) => `dari ${from} sampai ${to}, ${age}`,
    resolution: (width) =>
      `Tidak diketahui: laporan tidak masuk, dan perangkat tidak dinyatakan tanpa kabar. Jeda di bawah ${width} tidak tampak.`,
    switched: 'Siang hari pasokannya diputus, sehingga tidak melapor.',
    showTable: (n) => `Sebagai tabel (${n})`,
    hideTable: 'Tutup tabel',
    from: 'Dari',
    to: 'Sampai',
    was: 'Keadaan',
    lasted: 'Lamanya',
    failed: 'Riwayat keadaan tidak dapat diambil. Diminta lagi dengan sendirinya.',
  },
  connections: {
    label: 'Sambungan 30 hari terakhir',
    counts: (n, broken) => `${n} sambungan, ${broken === 0 ? 'tidak ada yang putus' : `${broken} putus`}`,
    since: 'Tersambung',
    until: 'Berakhir',
    end: 'Sebab',
    lasted: 'Lamanya',
    before: 'sebelum itu',
    unknown: 'tidak diketahui',
    ends: { broke: 'Sambungan putus', left: 'Memutus sendiri' },
    unseen: (back) => `Tidak terpantau; tersambung lagi ${back}`,
    goesOn: 'Masih tersambung',
    unheard: (since) => `Tidak terpantau sejak ${since}`,
    atMost: (age) => `paling lama ${age}`,
    none: 'Selama ini tidak ada catatan sambungan, baik dari perangkat maupun dari broker.',
    failed: 'Riwayat sambungan tidak dapat diambil. Diminta lagi dengan sendirinya.',
    olderLeftOut: 'Yang lebih lama tidak ditampilkan.',
    meaning:
      'Menurut catatan broker: sambungan yang putus baru terlihat setelah perangkat diam melebihi batas waktunya.',
  },
}
