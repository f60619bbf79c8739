import { Table, TableBody, TableCaption, TableCell, TableHead, TableRow } from '@cmsgov/design-system';
import type { ReactNode } from 'react';

export interface DataTableProps {
  /** Prefix of all ids in the table. */
  id: string;
  caption: ReactNode;
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

/** Table with column headers. On a narrow screen each row becomes a block with the names beside the values. */
export function DataTable({ id, caption, columns, rows }: DataTableProps) {
  const headerId = (index: number) => `${id}-column-${index}`;
  return (
    <Table id={id} stackable stackableBreakpoint="md" borderless compact className="hod-table">
      <TableCaption>{caption}</TableCaption>
      <TableHead>
        <TableRow>
          {columns.map((column, index) => (
            <TableCell key={column} id={headerId(index)}>
              {column}
            </TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map(({ key, cells }) => (
          <TableRow key={key}>
            {cells.map((cell, index) => (
              <TableCell key={columns[index]} headers={headerId(index)} stackedTitle={columns[index]}>
                {cell}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
