import { expect, test } from 'vitest';
import { Codes } from '../src/codes';

/** A server that answers everything alike and records what it was asked. */
function server(answer: unknown) {
  const asked: unknown[][] = [];
  const codes = new Codes({
    has: () => true,
    run: (command, argument) => {
      asked.push([command, argument]);
      return Promise.resolve(answer);
    },
  });
  return { asked, codes };
}

test('a search gives codes, and the term that matched where it is not the title', async () => {
  const { asked, codes } = server({
    results: [
      { system: 'icd-10-cm', code: 'E11.9', display: 'Type 2 diabetes', billable: true, matched: 'Type 2 diabetes', matched_in: 'display' },
      { system: 'icd-10-cm', code: 'I77.2', display: 'Rupture of artery', billable: true, matched: 'Ulcer of artery', matched_in: 'inclusion_term' },
    ],
  });
  expect(await codes.search('ulcer', 20)).toEqual([
    { system: 'icd-10-cm', code: 'E11.9', title: 'Type 2 diabetes', billable: true, matched: '' },
    { system: 'icd-10-cm', code: 'I77.2', title: 'Rupture of artery', billable: true, matched: 'Ulcer of artery' },
  ]);
  expect(asked).toEqual([['medcode.server.search', { query: 'ulcer', limit: 20 }]]);
});

test('a look-up gives what is shown of a code', async () => {
  const { asked, codes } = server({
    results: [
      {
        system: 'icd-10-cm',
        code: 'E11.9',
        display: 'Type 2 diabetes',
        billable: true,
        found: true,
        valid_from: '2015-10-01',
        valid_to: null,
        ancestors: [{ code: 'E11', display: 'Diabetes' }],
        suggestions: [],
        unavailable: null,
      },
    ],
  });
  expect(await codes.lookup('e119')).toMatchObject({
    code: 'E11.9',
    found: true,
    validFrom: '2015-10-01',
    validTo: '',
    ancestors: [{ code: 'E11', title: 'Diabetes' }],
    unavailable: '',
  });
  await codes.lookup('E11', 'icd-10-cm');
  expect(asked).toEqual([
    ['medcode.server.lookup', { codes: ['e119'] }],
    ['medcode.server.lookup', { codes: ['E11'], system: 'icd-10-cm' }],
  ]);
});

test('children are asked of systems and codes', async () => {
  const child = { system: 'hcpcs', code: 'A', title: 'Transport', billable: false, childCount: 7 };
  const { asked, codes } = server([child]);
  expect(await codes.children()).toEqual([child]);
  await codes.children({ ...child, code: '' });
  expect(asked).toEqual([
    ['medcode.server.children', {}],
    ['medcode.server.children', { system: 'hcpcs', code: '' }],
  ]);
});

test.each([null, 3, {}, { results: 'x' }, [1, null]])('an answer in another form is empty: %j', async (answer) => {
  const { codes } = server(answer);
  expect(await codes.search('x', 1)).toEqual([]);
  expect(await codes.lookup('x')).toBeUndefined();
  expect(await codes.children()).toEqual([]);
});
