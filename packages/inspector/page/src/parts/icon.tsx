/** Lines of 16 by 16, drawn here so that nothing is fetched. */
const PATHS = {
  Handled: 'M3.5 8.5l3 3 6-7',
  Refused: 'M8 2.250a5.75 5.75 0 1 0 0 11.5 5.75 5.75 0 0 0 0-11.500zM4 4l8 8',
  Failed: 'M4.25 4.250l7.5 7.500m0-7.500l-7.5 7.5',
  Dead: 'M5.5 2h5L14 5.500v5L10.5 14h-5L2 10.500v-5zM5.75 5.750l4.5 4.500m0-4.500l-4.5 4.5',
  Queued: 'M8 2.250a5.75 5.75 0 1 0 0 11.5 5.75 5.75 0 0 0 0-11.500zM8 5v3.250l2 1.5',
  Running: 'M13.5 8A5.5 5.5 0 1 1 8 2.5',
  search: 'M7 2.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.300l3.2 3.2',
  close: 'M3.5 3.500l9 9m0-9l-9 9',
  up: 'M8 13V3.500M4 7l4-4 4 4',
  send: 'M14 2L7.25 8.750M14 2L9.5 14l-2.25-5.250L2 6.500z',
  replay: 'M3 8a5 5 0 1 0 1.6-3.650M3 2.500v2.750h2.75',
  signed: 'M8 1.750l5 1.750v4c0 3.25-2.25 5.5-5 6.75-2.75-1.25-5-3.5-5-6.750v-4zM5.75 8l1.65 1.65 3-3.3',
  eye: 'M1.5 8S4 3.75 8 3.75 14.5 8 14.5 8 12 12.25 8 12.25 1.5 8 1.5 8zM8 6.250a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.500z',
  copy: 'M5.5 5.500h7.750v7.750H5.500zM3 10.500h-.25V2.750h7.750V3',
  back: 'M10 3L5 8l5 5',
  open: 'M6 3l5 5-5 5',
  help: 'M8 1.750a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.500zM6.25 6.250C6.25 5.25 7 4.75 8 4.750s1.75.600 1.75 1.500C9.75 7.5 8 7.5 8 9M8 11v.25',
  warning: 'M8 2.250L14.25 13.250H1.750zM8 6.500v3M8 11.250v.25',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
