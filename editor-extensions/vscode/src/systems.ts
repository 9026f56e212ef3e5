// The code systems as people name them.

const NAMES: Readonly<Record<string, string>> = {
  'icd-10-cm': 'ICD-10-CM',
  'icd-10-pcs': 'ICD-10-PCS',
  cpt: 'CPT',
  hcpcs: 'HCPCS Level II',
};

/** The name of a system by its short id; one that is not known stays as it is. */
export function systemName(id: string): string {
  return NAMES[id] ?? id;
}
