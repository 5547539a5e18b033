/** Okabe and Ito's: told apart in every kind of colour blindness. */
export const COLOURS = {
  blue: '#0072B2',
  sky: '#56B4E9',
  green: '#009E73',
  orange: '#E69F00',
  vermilion: '#D55E00',
} as const;
