/* Made from the schema in src/spec by `npm run schema`. */

/** What a cluster is to be: the keys of a kcluster.yaml; every key may be left out. */
export interface Specification {
  /**
   * Whose images: published ones, those of `kcluster images build`, or a vendor's.
   * @defaultValue `"published"`
   */
  images?:
    | 'published'
    | 'confluent'
    | 'apache'
    | 'strimzi'
    | 'bitnami'
    | 'debezium'
    | 'wurstmeister'
    | 'local';
  /**
   * Count up from the first ports, or take free ones.
   * @defaultValue `"fixed"`
   */
  ports?: 'fixed' | 'auto';
  /**
   * Defaults for tests that start quickly, or those of Kafka and of its own scripts.
   * @defaultValue `"fast"`
   */
  profile?: 'fast' | 'production-like';
  /**
   * The ensemble.
   */
  zookeeper?: {
    /**
     * Number of ZooKeepers that vote.
     * @defaultValue `1`
     */
    servers?: number;
    /**
     * Number of further ZooKeepers that only observe.
     * @defaultValue `0`
     */
    observers?: number;
    /**
     * Accept an even number of servers, which tolerates no more failures than one less.
     * @defaultValue `false`
     */
    evenEnsemble?: boolean;
    /**
     * Client port of the first ZooKeeper on the host.
     * @defaultValue `2181`
     */
    port?: number;
    /**
     * Image of every ZooKeeper, in place of the one that `images` names.
     */
    image?: string;
    /**
     * Settings of every ZooKeeper, by zoo.cfg's own names.
     */
    settings?: Record<string, string | number | boolean>;
    /**
     * Most memory of the Java heap of each.
     * @defaultValue `"128m"`
     */
    heap?: string;
    /**
     * Options of the JVM of each, beside its heap.
     * @defaultValue `["-XX:+UseSerialGC","-XX:TieredStopAtLevel=1"]`
     */
    jvmOptions?: string[];
  };
  /**
   * The brokers.
   */
  kafka?: {
    /**
     * Version of Kafka, such as 3.9 or 3.9.2; the newest that the images have.
     */
    version?: string | number;
    /**
     * Number of brokers.
     * @defaultValue `1`
     */
    brokers?: number;
    /**
     * Port of the first broker on the host.
     * @defaultValue `9092`
     */
    port?: number;
    /**
     * Image of every broker, in place of the one that `images` names.
     */
    image?: string;
    /**
     * Racks, which the brokers are spread over in turn.
     */
    racks?: (string | number)[];
    /**
     * Settings of every broker, by Kafka's own property names.
     */
    settings?: Record<string, string | number | boolean>;
    /**
     * Most memory of the Java heap of each.
     * @defaultValue `"384m"`
     */
    heap?: string;
    /**
     * Options of the JVM of each, beside its heap.
     * @defaultValue `["-XX:+UseSerialGC","-XX:TieredStopAtLevel=1"]`
     */
    jvmOptions?: string[];
    /**
     * What is different for one broker, by its id.
     */
    perBroker?: Record<
      string,
      {
        /**
         * Rack of this broker, in place of its turn.
         */
        rack?: string | number;
        /**
         * Settings of this broker, over those of all.
         */
        settings?: Record<string, string | number | boolean>;
        /**
         * Most memory of the Java heap of this broker, in place of that of all.
         */
        heap?: string;
        /**
         * Options of the JVM of this broker, in place of those of all.
         */
        jvmOptions?: string[];
      }
    >;
  };
  /**
   * How clients come in that are neither on this machine nor on the cluster's network.
   */
  listeners?: {
    /**
     * Name of this machine for clients on others; needs `bind`. With Docker on another machine: the name of that one.
     */
    advertise?: string;
    /**
     * Address that the listener for other machines binds; with Docker on another machine, one of that.
     */
    bind?: string;
    /**
     * Address to bind for containers that come in by host.docker.internal: 172.17.0.1 on Linux, 127.0.0.1 with Docker Desktop.
     */
    dockerHost?: string;
    /**
     * Docker networks of other projects that every node joins.
     */
    networks?: string[];
  };
  /**
   * Topics that `up` makes, or brings to what is declared, by their names.
   */
  topics?: Record<
    string,
    {
      /**
       * Number of partitions.
       */
      partitions?: number;
      /**
       * Number of replicas of each partition.
       */
      replication?: number;
      /**
       * Settings of the topic, by Kafka's own names.
       */
      config?: Record<string, string | number | boolean>;
      /**
       * File of records to begin with: .jsonl, or one value per line.
       */
      seed?: string;
    }
  >;
}
