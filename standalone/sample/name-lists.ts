/* Names are random combinations from these lists and do not refer to real people. */

export const firstNames = (
  'Ada Alma Amir Ana Andre Anita Asha Beatriz Bella Ben Bianca Boris Brenda Carla Carlos Celia Chandra Chen Clara ' +
  'Cody Dalia Dana Darnell Diego Dora Edith Elena Eli Emeka Esther Farah Felix Fiona Gina Grace Hana Hector Hugo Ida ' +
  'Imani Ines Ivan Jada Jin Joana Jonas Julio Kadir Kavya Keiko Lamar Lena Leo Linh Luz Mara Marco Mei Mila Minh ' +
  'Nadia Nora Odette Olga Omar Otto Paula Petra Quinn Rafael Rana Rosa Ruth Samir Selma Sofia Tariq Tess Thanh Uma ' +
  'Vera Viktor Wanda Xavier Yara Yusuf Zoe'
).split(' ');

export const lastNames = (
  'Abbot Acosta Adeyemi Alder Amari Ashford Banerjee Barlow Bauer Beltran Birch Bishara Brandt Calloway Castell ' +
  'Chowdhury Cordova Dalton Delacroix Dinh Dubois Eastman Ekwueme Ellery Esposito Fairley Farrow Ferreira Fontaine ' +
  'Garrity Ghosh Gomes Grayling Hadley Halloran Haddad Hartwell Hidalgo Holloway Ibarra Ivanova Jansen Kaur Kessler ' +
  'Kowalski Lindgren Lockwood Lozano Madera Mahoney Marchetti Mbeki Mendes Nakano Navarro Ngo Nwosu Oakley Okafor ' +
  'Olmstead Ortega Paredes Petrov Pham Quintero Rahman Ransome Renaud Rivera Rosario Sadler Salgado Sandoval Sayegh ' +
  'Shapiro Sorensen Stroud Tanaka Thorne Tran Underhill Valdez Varga Villa Wexler Whitlock Yilmaz Zamora'
).split(' ');

/** Languages spoken besides English, in English as in the feed. Frequent languages appear more often. */
export const otherLanguages = [
  ...Array<string>(10).fill('Spanish'),
  ...Array<string>(2).fill('Chinese'),
  ...Array<string>(2).fill('Vietnamese'),
  'American Sign Language',
  'Arabic',
  'French',
  'Haitian Creole',
  'Hindi',
  'Korean',
  'Portuguese',
  'Russian',
  'Tagalog',
];

/** States of HealthCare.gov. States with many enrollments appear more often. */
export const servedStates = (
  'FL FL FL FL FL TX TX TX TX TX NC NC NC SC SC TN TN OH OH AZ AZ MO MO AL MI MI WI WI IN IN LA LA MS UT UT OK OK KS ' +
  'NE IA AR AK DE HI MT NH ND SD WV WY'
).split(' ');

/** The same states, each once. */
export const eachServedState = [...new Set(servedStates)];

/** States with a marketplace of their own. */
export const otherStates = 'CA NY NJ PA WA CO MA MD MN GA IL VA KY'.split(' ');

/** Spellings of the health line of authority. A state always uses the same one. */
export const healthLinesOfAuthority = [
  { code: '10', name: 'Health' },
  { code: '16', name: 'Accident & Health or Sickness' },
  { code: '929', name: 'Accident, Health and Sickness' },
  { code: '11', name: 'Life, Accident & Health' },
] as const;

/** Lines of authority that do not allow selling health insurance. */
export const lifeLineOfAuthority = { code: '8', name: 'Life' };
export const otherLinesOfAuthority = [
  { code: '17', name: 'Property' },
  { code: '18', name: 'Casualty' },
  { code: '924', name: 'Variable Life and Variable Annuity' },
] as const;
