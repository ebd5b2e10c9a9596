/** It has its own background, and follows the reader's choice of a light or a dark one. */
export const STYLE = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .quiet, .column { fill: #59636e }
  .column { font-size: 11px; font-weight: 600 }
  .figure { text-anchor: end; font-variant-numeric: tabular-nums }
  text.ours { fill: #0a6b5e; font-weight: 600 }
  rect.ours { fill: #12907f }
  rect.floor { fill: #818b98 }
  rect.other { fill: #c8d0d9 }
  .middle { text-anchor: middle }
  .axis { stroke: #d1d9e0; fill: none }
  .curve { stroke: #12907f; stroke-width: 2; fill: none }
  .point { fill: #12907f }
  .card { fill: #ffffff; stroke: #d1d9e0 }
  .slit { stroke: #ffffff; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet, .column { fill: #9198a1 }
    text.ours { fill: #4fd0bb }
    rect.ours { fill: #2bb3a0 }
    rect.floor { fill: #7d8590 }
    rect.other { fill: #444c56 }
    .axis { stroke: #3d444d }
    .curve { stroke: #2bb3a0 }
    .point { fill: #2bb3a0 }
    .card { fill: #0d1117; stroke: #3d444d }
    .slit { stroke: #0d1117 }
  }
`
