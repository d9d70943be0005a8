/** A rendered chart. */
export interface Chart {
  /** Such as `requests-per-second-5-clients-tls.svg`. */
  readonly file: string
  readonly title: string
  readonly svg: string
}
