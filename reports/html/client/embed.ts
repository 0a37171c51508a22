/// <reference lib="dom" />

/** Shows one figure or section alone, with what must go with it, where the address asks for it (`#embed=ladder`). */
export function embed(): void {
  const id = new URLSearchParams(location.hash.slice(1)).get('embed')
  if (id === null) return
  const target = document.getElementById(`figure-${id}`) ?? document.getElementById(id)
  const foot = document.querySelector<HTMLElement>('#embed-foot')
  if (target === null || foot === null) return
  foot.hidden = false
  const kept = ['#live', '#toast'].map((one) => document.querySelector(one)!)
  const main = document.createElement('main')
  main.append(target, foot)
  document.body.replaceChildren(...document.querySelectorAll('.sprite'), main, ...kept)
  document.documentElement.dataset['embed'] = id
}
