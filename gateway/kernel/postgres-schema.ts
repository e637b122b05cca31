import {
  type ColumnDefinitionNode,
  type CreateTableNode,
  DataTypeNode,
  GeneratedNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type QueryId,
  sql,
} from "kysely";

/** Types of SQLite and what they are here. Texts compare byte by byte, as there, whatever the database's language. */
const TYPES: Record<string, OperationNode> = {
  integer: DataTypeNode.create("bigint"),
  blob: DataTypeNode.create("bytea"),
  text: sql`text collate "C"`.toOperationNode(),
};

const NUMBERS_ITSELF = GeneratedNode.create({ identity: true, byDefault: true });

class SchemaTranslator extends OperationNodeTransformer {
  protected override transformColumnDefinition(
    node: ColumnDefinitionNode,
    queryId?: QueryId,
  ): ColumnDefinitionNode {
    const column = super.transformColumnDefinition(node, queryId);
    const { dataType } = column;
    if (!DataTypeNode.is(dataType) || typeof dataType.dataType !== "string") return column;
    const numbersItself = column.primaryKey === true && dataType.dataType === "integer";
    return {
      ...column,
      dataType: TYPES[dataType.dataType] ?? dataType,
      autoIncrement: false,
      ...(numbersItself && { generated: NUMBERS_ITSELF }),
    };
  }

  /** `without rowid` is SQLite's alone. */
  protected override transformCreateTable(node: CreateTableNode, queryId?: QueryId): CreateTableNode {
    return { ...super.transformCreateTable(node, queryId), endModifiers: [] };
  }
}

/** Lets the migrations, which are written for SQLite, make the same tables in PostgreSQL. */
export function inPostgresWords(): KyselyPlugin {
  const translator = new SchemaTranslator();
  return {
    transformQuery: ({ node, queryId }) => translator.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}
