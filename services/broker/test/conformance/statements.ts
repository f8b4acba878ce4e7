// The normative statements of MQTT 3.1.1, by the numbers of its appendix B, in our words. Each one that a server has
// to do with is shown by a test that has its number in its title; where we do not go all the way, `limit` says why.

export interface Statement {
  number: string
  /** Whom it binds; `both` also where a server answers to a client that does not keep it. */
  binds: 'client' | 'server' | 'both'
  says: string
  /** What of it does not hold here, or cannot be seen, and why. */
  limit?: string
}

const client = (number: string, says: string): Statement => ({ number, binds: 'client', says })
const server = (number: string, says: string, limit?: string): Statement => entry(number, 'server', says, limit)
const both = (number: string, says: string, limit?: string): Statement => entry(number, 'both', says, limit)

function entry(number: string, binds: Statement['binds'], says: string, limit: string | undefined): Statement {
  return limit === undefined ? { number, binds, says } : { number, binds, says, limit }
}

export const statements: readonly Statement[] = [
  // Strings and headers.
  both('1.5.3-1', 'text is well-formed UTF-8 without surrogates; another ends the connection'),
  both('1.5.3-2', 'text has no U+0000; one ends the connection'),
  both('1.5.3-3', 'EF BB BF is the character U+FEFF wherever it stands, and is kept'),
  both('2.2.2-1', 'reserved flags of the fixed header have the value that the standard gives'),
  both('2.2.2-2', 'invalid flags end the connection'),
  both('2.3.1-1', 'SUBSCRIBE, UNSUBSCRIBE and PUBLISH above QoS 0 have a packet id other than 0'),
  client('2.3.1-2', 'a new packet gets an id that is not in use'),
  client('2.3.1-3', 'sent again, a packet keeps its id; acknowledged, the id is free'),
  server('2.3.1-4', 'the server, too, gives a PUBLISH above QoS 0 an id that is not in use'),
  both('2.3.1-5', 'a PUBLISH of QoS 0 has no packet id'),
  both('2.3.1-6', 'PUBACK, PUBREC and PUBREL carry the id of their PUBLISH'),
  server('2.3.1-7', 'SUBACK and UNSUBACK carry the id of what they answer'),

  // CONNECT.
  both('3.1.0-1', 'the first packet of a client is CONNECT'),
  server('3.1.0-2', 'a second CONNECT ends the connection'),
  server('3.1.2-1', 'after a wrong protocol name nothing goes on by this standard'),
  server('3.1.2-2', 'a protocol level that is not served is answered with return code 1, then the connection ends'),
  server('3.1.2-3', 'the reserved connect flag ends the connection when it is set'),
  both(
    '3.1.2-4',
    'without clean session the session of that client id goes on, or a new one begins; it outlives the connection',
    'Sessions are in memory and within bounds: a restart of the broker, more than its share of waiting messages or too long an absence ends one, and session present 0 tells.',
  ),
  server(
    '3.1.2-5',
    'QoS 1 and 2 messages are kept for a session whose client is away',
    'Up to a bound, beyond which the session ends as a whole rather than with a gap.',
  ),
  both('3.1.2-6', 'clean session discards what there was, and its own session ends with the connection'),
  server('3.1.2-7', 'retained messages are not part of a session and stay when one ends'),
  server(
    '3.1.2-8',
    'the will is kept with the connection and published when it ends, unless DISCONNECT came',
    'An orderly stop of the broker publishes none: it is the broker that leaves, not the city.',
  ),
  both('3.1.2-9', 'with the will flag, will topic and message are there, and will QoS and retain count'),
  server('3.1.2-10', 'a will is gone once it is published or DISCONNECT has come'),
  both('3.1.2-11', 'without the will flag, will QoS and retain are 0, and there is neither topic nor message'),
  server('3.1.2-12', 'without the will flag no will is published'),
  both('3.1.2-13', 'without the will flag, will QoS is 0'),
  both('3.1.2-14', 'will QoS is not 3'),
  both('3.1.2-15', 'without the will flag, will retain is 0'),
  server('3.1.2-16', 'without will retain, the will is published without retain'),
  server(
    '3.1.2-17',
    'with will retain, the will is published as a retained message',
    'On the channel status; see 3.3.1-5.',
  ),
  both('3.1.2-18', 'without the user name flag there is no user name'),
  both('3.1.2-19', 'with the user name flag there is one'),
  both('3.1.2-20', 'without the password flag there is no password'),
  both('3.1.2-21', 'with the password flag there is one'),
  both('3.1.2-22', 'there is no password without a user name'),
  client('3.1.2-23', 'a client sends something within its keep alive time, PINGREQ when there is nothing else'),
  server('3.1.2-24', 'one and a half times the keep alive time without a packet ends the connection'),
  both('3.1.3-1', 'the fields come in the order client id, will topic, will message, user name, password'),
  both(
    '3.1.3-2',
    'the client id identifies the state that is kept of a client',
    'Together with the user name: nobody comes at the session of somebody else by taking their client id.',
  ),
  both('3.1.3-3', 'the client id is there, and is the first field'),
  both('3.1.3-4', 'the client id is text'),
  server('3.1.3-5', 'client ids of 1 to 23 digits and letters are allowed'),
  server('3.1.3-6', 'an empty client id is replaced by a unique one'),
  both('3.1.3-7', 'an empty client id comes with clean session'),
  server(
    '3.1.3-8',
    'an empty client id without clean session is answered with return code 2, then the connection ends',
  ),
  server('3.1.3-9', 'a client id that is rejected is answered with return code 2, then the connection ends'),
  both('3.1.3-10', 'the will topic is text'),
  both('3.1.3-11', 'the user name is text'),
  server('3.1.4-1', 'a CONNECT that is malformed ends the connection without CONNACK'),
  server(
    '3.1.4-2',
    'a client of the same id ends the connection of the one before',
    'A few times a minute; when two go on taking one id from each other, the newcomer waits (return code 3).',
  ),
  server('3.1.4-3', 'clean session is done as section 3.1.2.4 says'),
  server('3.1.4-4', 'a CONNECT that is accepted is answered with return code 0'),
  server('3.1.4-5', 'nothing behind a CONNECT that is rejected is processed'),

  // CONNACK.
  server('3.2.0-1', 'the first packet of the server is CONNACK'),
  server('3.2.2-1', 'with clean session, session present is 0'),
  server('3.2.2-2', 'without clean session, session present is 1 when there is a session'),
  server('3.2.2-3', 'without clean session, session present is 0 when there is none'),
  server('3.2.2-4', 'with a return code other than 0, session present is 0'),
  server('3.2.2-5', 'after a return code other than 0 the connection ends'),
  server('3.2.2-6', 'when no return code fits, the connection ends without CONNACK'),

  // PUBLISH and PUBREL.
  both('3.3.1-1', 'DUP is set when a PUBLISH is sent again'),
  both('3.3.1-2', 'DUP is 0 for QoS 0'),
  server('3.3.1-3', 'DUP towards a subscriber says only whether that PUBLISH is sent again'),
  both('3.3.1-4', 'QoS is not 3; such a PUBLISH ends the connection'),
  server(
    '3.3.1-5',
    'a PUBLISH with retain is stored with its QoS, for subscribers to come',
    'On the channel status, for registered devices and up to 256 bytes; after a restart of the broker with QoS 1. The last telemetry is not for MQTT to ask.',
  ),
  server('3.3.1-6', 'a new subscription is sent the retained message of each topic that it matches'),
  server('3.3.1-7', 'retain with QoS 0 takes the place of what was retained'),
  server('3.3.1-8', 'retain is set on what is sent because of a new subscription'),
  server('3.3.1-9', 'retain is 0 on what is sent to a subscription that was there'),
  server('3.3.1-10', 'retain with an empty payload is delivered and removes what was retained'),
  server('3.3.1-11', 'an empty retained message is not stored'),
  server('3.3.1-12', 'without retain nothing is stored and nothing that is retained is touched'),
  both('3.3.2-1', 'the topic comes first, and is text'),
  both('3.3.2-2', 'the topic of a PUBLISH has no wildcards'),
  server('3.3.2-3', 'the topic towards a subscriber matches its filter'),
  both('3.3.4-1', 'a PUBLISH is answered as its QoS asks: not, with PUBACK, with PUBREC'),
  server('3.3.5-1', 'where filters of a client overlap, the message comes with the highest QoS of those that match'),
  server('3.3.5-2', 'a PUBLISH that is not allowed is acknowledged all the same, or ends the connection'),
  both('3.6.1-1', 'the flags of PUBREL are 2; others end the connection'),

  // SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT.
  both('3.8.1-1', 'the flags of SUBSCRIBE are 2; others end the connection'),
  both('3.8.3-1', 'the filters of SUBSCRIBE are text'),
  server('3.8.3-2', 'where wildcards are not served, a filter that has some is refused'),
  both('3.8.3-3', 'a SUBSCRIBE has at least one filter'),
  server('3.8.3-4', 'reserved bits of the requested QoS, or QoS 3, end the connection'),
  server('3.8.4-1', 'a SUBSCRIBE is answered with SUBACK'),
  server('3.8.4-2', 'SUBACK carries the id of the SUBSCRIBE'),
  server(
    '3.8.4-3',
    'the same filter again replaces the subscription, retained messages are sent again, and nothing is lost in between',
  ),
  server('3.8.4-4', 'a SUBSCRIBE of several filters is as good as several of one each'),
  server(
    '3.8.4-5',
    'SUBACK says for each filter the QoS that is granted, or that it is refused',
    'a filter that comes twice in one SUBSCRIBE is answered once: Aedes takes the two for one',
  ),
  server('3.8.4-6', 'a message comes with the lower of its own QoS and the QoS that was granted'),
  server('3.9.3-1', 'the return codes of SUBACK are in the order of the filters'),
  server('3.9.3-2', 'the return codes of SUBACK are 0, 1, 2 and 128'),
  both('3.10.1-1', 'the flags of UNSUBSCRIBE are 2; others end the connection'),
  both('3.10.3-1', 'the filters of UNSUBSCRIBE are text, one behind the other'),
  both('3.10.3-2', 'an UNSUBSCRIBE has at least one filter'),
  server('3.10.4-1', 'filters of UNSUBSCRIBE are compared character by character; one that is equal is removed'),
  server('3.10.4-2', 'nothing new comes for a filter that is removed'),
  server('3.10.4-3', 'what was begun at QoS 1 and 2 is brought to its end'),
  server('3.10.4-4', 'an UNSUBSCRIBE is answered with an UNSUBACK of the same id'),
  server('3.10.4-5', 'also when nothing was removed'),
  server('3.10.4-6', 'an UNSUBSCRIBE of several filters is as good as several of one each'),
  server('3.12.4-1', 'PINGREQ is answered with PINGRESP'),
  both('3.14.1-1', 'reserved flags of DISCONNECT end the connection when they are set'),
  client('3.14.4-1', 'after DISCONNECT the client closes the connection'),
  client('3.14.4-2', 'after DISCONNECT the client sends nothing more'),
  server('3.14.4-3', 'DISCONNECT discards the will'),

  // Sessions, quality of service, order.
  both(
    '4.1.0-1',
    'the state of a session is kept as long as the session lasts',
    'In memory: a restart of the broker ends sessions, and session present 0 tells. What devices published is in the log and does not depend on it.',
  ),
  both('4.1.0-2', 'a session lasts at least as long as its connection'),
  both('4.3.1-1', 'QoS 0 is sent with DUP 0'),
  both('4.3.2-1', 'the sender of QoS 1 takes a free id, sends with DUP 0, and waits for PUBACK'),
  both(
    '4.3.2-2',
    'the receiver of QoS 1 sends PUBACK once the message is its own; the same id after that is a new one',
  ),
  both('4.3.3-1', 'the sender of QoS 2 waits for PUBREC, sends PUBREL, waits for PUBCOMP, and PUBLISH not again'),
  both(
    '4.3.3-2',
    'the receiver of QoS 2 answers each PUBLISH of an id with PUBREC, takes the first, and ends with PUBCOMP',
  ),
  both(
    '4.4.0-1',
    'when a session goes on, PUBLISH and PUBREL without their acknowledgement are sent again with their ids',
    'As long as the session is there, see 3.1.2-4.',
  ),
  server('4.5.0-1', 'a message is added to the session of every client that has a matching subscription'),
  client('4.5.0-2', 'a client acknowledges what it receives, whether it wants it or not'),
  both('4.6.0-1', 'what is sent again is sent in the order in which it was sent first'),
  both('4.6.0-2', 'PUBACKs come in the order of their PUBLISHes'),
  both('4.6.0-3', 'PUBRECs come in the order of their PUBLISHes'),
  both('4.6.0-4', 'PUBRELs come in the order of their PUBRECs'),
  server('4.6.0-5', 'every topic is ordered'),
  server('4.6.0-6', 'messages of one client, topic and QoS reach each subscriber in the order of their coming'),

  // Topics, errors.
  both('4.7.1-1', 'wildcards are for filters, not for topics'),
  both('4.7.1-2', '# stands alone or behind a /, and last'),
  both('4.7.1-3', '+ takes a whole level'),
  server(
    '4.7.2-1',
    'a filter that begins with a wildcard does not match topics that begin with $',
    'Nobody may listen to such a filter, nor publish on such a topic: both are refused.',
  ),
  both('4.7.3-1', 'topics and filters have at least one character'),
  both('4.7.3-2', 'topics and filters have no U+0000'),
  both('4.7.3-3', 'topics and filters have at most 65,535 bytes'),
  server('4.7.3-4', 'topics and filters are compared as they are: nothing is normalised'),
  both('4.8.0-1', 'whatever breaks the protocol ends the connection that it came on'),
  both(
    '4.8.0-2',
    'a transient error while a packet is processed ends its connection',
    'A full disk is none: acknowledgements are withheld and sockets not read until there is room again.',
  ),

  // WebSocket, conformance.
  both('6.0.0-1', 'over WebSocket, packets are in binary frames; another ends the connection'),
  both('6.0.0-2', 'packets and frames need not begin or end together'),
  client('6.0.0-3', 'a client offers the subprotocol mqtt'),
  server('6.0.0-4', 'a server selects the subprotocol mqtt'),
  server(
    '7.0.0-1',
    'a server that connects to other servers is also a conforming client',
    'Does not apply: the broker connects to none.',
  ),
  both('7.0.0-2', 'no extension is needed to work together'),
  server('7.1.1-1', 'the server is reached over a transport that is an ordered, lossless stream of bytes'),
  client('7.1.2-1', 'the client uses such a transport'),
]
