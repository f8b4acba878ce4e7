// What a flood of alarms is (ISA-18.2, EEMUA 191). Without zod, because the page has it too.

/** More announcements within this time than `floodBeginsAbove` are a flood, until there are fewer than `floodEndsBelow`. */
export const floodWindowMs = 600_000
export const floodBeginsAbove = 10
export const floodEndsBelow = 5
