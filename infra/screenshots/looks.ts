// In how many ways each screen is seen.

export const sizes = {
  desk: { width: 1366, height: 768 },
  wall: { width: 3840, height: 2160 },
  phone: { width: 390, height: 844 },
} as const
export type Size = keyof typeof sizes

export const themes = { night: 'dark', day: 'light' } as const
export type Theme = keyof typeof themes

export const languages = ['en', 'id'] as const
export type Language = (typeof languages)[number]

export interface Look {
  size: Size
  theme: Theme
  language: Language
}

export function looksOf(chosen: { sizes: Size[]; themes: Theme[]; languages: Language[] }): Look[] {
  return chosen.sizes.flatMap((size) =>
    chosen.themes.flatMap((theme) => chosen.languages.map((language) => ({ size, theme, language }))),
  )
}
