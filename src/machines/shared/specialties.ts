/** The specialties a supervision engineer is registered in (figure 9). English names are ours. */
export const SPECIALTIES = [
  { zh: '房屋建筑工程', en: 'Building works' },
  { zh: '冶炼工程', en: 'Metallurgical works' },
  { zh: '矿山工程', en: 'Mining works' },
  { zh: '化工石油工程', en: 'Chemical and petroleum works' },
  { zh: '水利水电工程', en: 'Water resources and hydropower works' },
  { zh: '电力工程', en: 'Electric power works' },
  { zh: '农林工程', en: 'Agricultural and forestry works' },
  { zh: '铁路工程', en: 'Railway works' },
  { zh: '公路工程', en: 'Highway works' },
  { zh: '港口与航道工程', en: 'Port and waterway works' },
  { zh: '航天航空工程', en: 'Aerospace and aviation works' },
  { zh: '通信工程', en: 'Communications works' },
  { zh: '市政公用工程', en: 'Municipal public works' },
  { zh: '机电安装工程', en: 'Mechanical and electrical installation works' },
] as const;
