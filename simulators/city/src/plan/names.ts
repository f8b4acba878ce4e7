// Names such as Indonesian cities give their streets and public places. All are made up from common words, in a
// fixed order per seed, and unique within a plan.
import type { Random } from '../random.ts'

const streetWords = [
  'Melati',
  'Kenanga',
  'Cempaka',
  'Mawar',
  'Anggrek',
  'Flamboyan',
  'Bougenvil',
  'Kamboja',
  'Dahlia',
  'Teratai',
  'Seruni',
  'Alamanda',
  'Kemuning',
  'Tanjung',
  'Merpati',
  'Cendrawasih',
  'Rajawali',
  'Kutilang',
  'Kenari',
  'Merak',
  'Garuda',
  'Elang',
  'Cemara',
  'Beringin',
  'Mahoni',
  'Akasia',
  'Pinus',
  'Jati',
  'Angsana',
  'Ketapang',
  'Mangga',
  'Rambutan',
  'Manggis',
  'Salak',
  'Jambu',
  'Belimbing',
  'Nangka',
  'Kelapa',
  'Pandan',
  'Wijaya Kusuma',
  'Pelita',
  'Mekar',
  'Sejahtera',
  'Merdeka',
  'Pahlawan',
  'Pemuda',
  'Veteran',
]
const streetSuffixes = ['', 'Raya', 'Barat', 'Timur', 'Utara', 'Selatan', 'Dalam', 'Indah', 'Baru', 'Lama']

export interface Names {
  /** A street's name without the word for street, each given once: `Kenanga Timur`. */
  street(): string
}

export function createNames(random: Random): Names {
  const words = shuffled(streetWords, random)
  let given = 0
  return {
    street() {
      const round = Math.floor(given / words.length)
      const word = words[given % words.length]
      given += 1
      const suffix = streetSuffixes[round % streetSuffixes.length]
      const number = Math.floor(round / streetSuffixes.length)
      return [word, suffix, number === 0 ? '' : String(number + 1)].filter((part) => part !== '').join(' ')
    },
  }
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, order: random.next() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ value }) => value)
}

/** The slug of a name: lower-case letters, digits and hyphens. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
