import type { Report } from '../results/report.js'

export function htmlPage(report: Report): string {
  return `<!doctype html><pre>${JSON.stringify(report.machine)}</pre>`
}
