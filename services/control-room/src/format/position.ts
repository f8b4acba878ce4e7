/** Degrees, WGS 84, as maps and telephones take them: latitude first, five digits are a metre. */
export function formatPosition({ latitude, longitude }: { latitude: number; longitude: number }): string {
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
}
