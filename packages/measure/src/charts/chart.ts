/** A chart, drawn. */
export interface Chart {
  /** As `requests-per-second-5-clients-tls.svg`. */
  readonly file: string
  readonly title: string
  readonly svg: string
}
